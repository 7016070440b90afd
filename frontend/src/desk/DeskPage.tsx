import "../styles/thread.css";
import "../styles/chips.css";
import "../styles/desk.css";
import "../styles/queue.css";
import "../styles/desk-side.css";
import "../styles/culture.css";
import "../styles/desk-narrow.css";
import { StaffPage } from "../staff/StaffPage";
import { Desk } from "./Desk";

export default function DeskPage({ conversationId }: { conversationId: string | null }) {
  return (
    <StaffPage title={({ desk }) => desk.title}>
      <Desk conversationId={conversationId} />
    </StaffPage>
  );
}
