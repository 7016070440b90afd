"""How the shipped model was made: `python -m shared.engines.language.training --sources FOLDER` makes it again.

docs/languages.md says what the folder holds and where it comes from. Nothing here is needed to tell languages.
"""
