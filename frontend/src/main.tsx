import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import "./styles/base.css";
import { usePath } from "./ui/path";

const CustomerPage = lazy(() => import("./customer/CustomerPage"));
const AdminPage = lazy(() => import("./admin/AdminPage"));
const DeskPage = lazy(() => import("./desk/DeskPage"));

function Pages() {
  const [area, ...rest] = usePath();
  return (
    <Suspense fallback={<div className="page-loading" role="status" aria-label="Loading" />}>
      {area === "desk" ? (
        <DeskPage conversationId={rest[0] ?? null} />
      ) : area === "admin" ? (
        <AdminPage path={rest} />
      ) : (
        <CustomerPage />
      )}
    </Suspense>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("The page has no element with id root.");

createRoot(root).render(
  <StrictMode>
    <Pages />
  </StrictMode>,
);
