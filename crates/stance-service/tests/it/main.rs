//! The service over a real store.

mod mutations;
mod scene;
mod statuses;
mod tenants;
