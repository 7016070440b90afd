import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import "./styles/base.css";

const CustomerPage = lazy(() => import("./customer/CustomerPage"));
const DeskPage = lazy(() => import("./desk/DeskPage"));

const root = document.getElementById("root");
if (!root) throw new Error("The page has no element with id root.");

createRoot(root).render(
  <StrictMode>
    <BrowserRouter>
      <Suspense fallback={<div className="page-loading" role="status" aria-label="Loading" />}>
        <Routes>
          <Route path="/" element={<CustomerPage />} />
          <Route path="/desk" element={<DeskPage />} />
          <Route path="/desk/:conversationId" element={<DeskPage />} />
          <Route path="*" element={<Navigate to="/" replace />} />
        </Routes>
      </Suspense>
    </BrowserRouter>
  </StrictMode>,
);
