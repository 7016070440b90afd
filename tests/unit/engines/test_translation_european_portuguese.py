"""Portuguese for readers in Portugal and Africa."""

from __future__ import annotations

import json

import pytest

from shared.engines.reasoning.texts import FOLDER
from shared.engines.translation.bergamot import BergamotTranslation
from shared.engines.translation.european_portuguese import european, is_european


@pytest.mark.parametrize(
    ("brazilian", "portuguese"),
    [
        ("Você poderia me enviar o número?", "Poderia enviar-me o número?"),
        ("Estamos verificando sua encomenda.", "Estamos a verificar a sua encomenda."),
        ("Sua senha foi redefinida em seu celular.", "A sua palavra-passe foi redefinida no seu telemóvel."),
        ("Clique no botão na tela do aplicativo.", "Clique no botão no ecrã da aplicação."),
        ("O que posso fazer por você?", "O que posso fazer por si?"),
        ("Você pode me enviar sua senha?", "Pode enviar-me a sua palavra-passe?"),
        ("Vou olhar a nota fiscal com você.", "Vou olhar a fatura consigo."),
        ("Eu lhe enviarei um arquivo eletrônico.", "Enviar-lhe-ei um ficheiro eletrónico."),
        ("Veja a caixa de spam e me avise.", "Veja a pasta de spam e avise-me."),
        ("Envie o CEP, por favor. Qual produto você quer?", "Envie o código postal, por favor. Que produto quer?"),
        ("Oi! Me diga o que aconteceu.", "Olá! Diga-me o que aconteceu."),
        ("A nossa equipe agradece o seu contato.", "A nossa equipa agradece o seu contacto."),
    ],
)
def test_words_spellings_and_turns_are_those_of_portugal(brazilian: str, portuguese: str) -> None:
    assert european(brazilian) == portuguese
    assert european(portuguese) == portuguese


@pytest.mark.parametrize(
    "text", ["", "O pedido chegou hoje.", "Seu", "XQ1 e XQ2", "Obrigado!", "Têm razão, vêm amanhã."]
)
def test_what_is_the_same_in_both_stays(text: str) -> None:
    assert european(text) == text


def test_only_where_people_write_so() -> None:
    codes = ("pt-PT", "pt-mz", "pt-AO", "pt", "pt-BR", "es-PT", "pt-XX")

    assert [is_european(code) for code in codes] == [True, True, True, False, False, False, False]


def test_no_reply_of_ours_speaks_brazilian_to_them() -> None:
    texts = json.loads((FOLDER / "pt.json").read_text("utf-8"))
    replies = [text for intent in texts["intents"].values() for text in intent["replies"].values()]

    written = [european(text).lower() for text in replies]

    told = ("celular", "equipe", "contato", "cep", "senha", "aplicativo", "tela", "conosco", "cadastr", "nota fiscal")
    assert len(written) > 90
    assert not [text for text in written for word in told if word in text.split()]


async def test_a_translation_is_for_the_readers_region() -> None:
    text = "We are checking your order AB-1234567. Your password was reset, see https://shop.example/senha."
    engine = BergamotTranslation()

    there, here = [(await engine.translate(text, source="en", target=target)).text for target in ("pt-BR", "pt-PT")]

    assert ["verificando" in (each or "") for each in (there, here)] == [True, False]
    for kept in ("palavra-passe", "a verificar", "AB-1234567", "https://shop.example/senha"):
        assert kept in (here or "")
