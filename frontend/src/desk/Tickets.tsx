import { type FormEvent, type RefObject, useState } from "react";
import type { Ticket, TicketPriority } from "../api/models";
import { asProblem } from "../api/problem";
import { Icon } from "../ui/Icon";
import { fullTime } from "../ui/time";
import { useDesk } from "./context";

const PRIORITIES: readonly TicketPriority[] = ["low", "normal", "high", "urgent"];
const LONGEST_DESCRIPTION = 2_000;

interface TicketsProps {
  tickets: readonly Ticket[];
  putTicket: (ticket: Ticket) => void;
}

export function Tickets({ tickets, putTicket }: TicketsProps) {
  const { api, fail, tell, language, texts } = useDesk();
  const [busy, setBusy] = useState<string | null>(null);
  const markFixed = async (ticket: Ticket) => {
    setBusy(ticket.id);
    try {
      putTicket(await api.markFixed(ticket.conversation_id, ticket.id));
      tell(texts.ticketFixed);
    } catch (thrown) {
      fail(thrown);
    }
    setBusy(null);
  };
  const sorted = [...tickets].sort((one, other) => other.created_at.localeCompare(one.created_at));
  return (
    <section className="panel" aria-label={texts.tickets}>
      <h2>
        <Icon name="ticket" /> {texts.tickets}{" "}
        {tickets.length > 0 && <span className="count-badge">{tickets.length}</span>}
      </h2>
      {sorted.length === 0 && <p className="pane-note">{texts.noTicket}</p>}
      <ul className="tickets">
        {sorted.map((ticket) => (
          <li key={ticket.id} className="ticket" data-testid="ticket" data-status={ticket.status}>
            <p dir="auto">{ticket.description}</p>
            <div className="ticket-foot">
              <span className={`chip priority ${ticket.priority}`}>{texts.priorities[ticket.priority]}</span>
              <time dateTime={ticket.created_at}>{fullTime(ticket.created_at, language)}</time>
              {ticket.status === "fixed" ? (
                <span className="chip resolved">
                  <Icon name="check" /> {texts.fixed}
                </span>
              ) : (
                <button
                  type="button"
                  className="small"
                  data-testid="mark-fixed"
                  disabled={busy === ticket.id}
                  onClick={() => void markFixed(ticket)}
                >
                  {texts.markFixed}
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface RaiseTicketProps {
  dialog: RefObject<HTMLDialogElement | null>;
  conversationId: string;
  onRaised: (ticket: Ticket) => void;
}

export function RaiseTicket({ dialog, conversationId, onRaised }: RaiseTicketProps) {
  const { api, fail, tell, texts } = useDesk();
  const [description, setDescription] = useState("");
  const [priority, setPriority] = useState<TicketPriority>("normal");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // One id for all attempts at this ticket; a new one once it is raised.
  const [clientTicketId, setClientTicketId] = useState(() => crypto.randomUUID());

  const raise = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onRaised(await api.raiseTicket(conversationId, description.trim(), priority, clientTicketId));
      setDescription("");
      setPriority("normal");
      setClientTicketId(crypto.randomUUID());
      dialog.current?.close();
      tell(texts.ticketRaised);
    } catch (thrown) {
      const problem = asProblem(thrown);
      // A notice outside would stand behind the dialog.
      setError(problem.words);
      if (problem.status === 401) fail(problem);
    }
    setBusy(false);
  };

  return (
    <dialog ref={dialog} className="card dialog" aria-label={texts.raiseTicket}>
      <form onSubmit={raise}>
        <h2>{texts.raiseTicket}</h2>
        <label>
          <span>{texts.whatToBeDone}</span>
          <textarea
            data-testid="ticket-description"
            rows={5}
            required
            maxLength={LONGEST_DESCRIPTION}
            dir="auto"
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        <label>
          <span>{texts.priority}</span>
          <select
            data-testid="ticket-priority"
            value={priority}
            onChange={(event) => setPriority(event.target.value as TicketPriority)}
          >
            {PRIORITIES.map((one) => (
              <option key={one} value={one}>
                {texts.priorities[one]}
              </option>
            ))}
          </select>
        </label>
        {error && (
          <p role="alert" className="error">
            {error}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {texts.cancel}
          </button>
          <button
            type="submit"
            className="primary"
            data-testid="ticket-submit"
            disabled={busy || description.trim() === ""}
          >
            {texts.raise}
          </button>
        </div>
      </form>
    </dialog>
  );
}
