//! The service over a real store.

#[cfg(test)]
mod estate;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod statuses;
#[cfg(test)]
mod tenants;
