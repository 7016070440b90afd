import "../styles/chips.css";
import "../styles/admin.css";
import "../styles/admin-engines.css";
import "../styles/admin-intents.css";
import { StaffPage } from "../staff/StaffPage";
import { Admin } from "./Admin";

export default function AdminPage({ path }: { path: readonly string[] }) {
  return (
    <StaffPage title={({ admin }) => admin.title}>
      <Admin path={path} />
    </StaffPage>
  );
}
