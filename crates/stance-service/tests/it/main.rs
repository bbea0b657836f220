//! The service over a real store.

#[cfg(test)]
mod estate;
#[cfg(test)]
mod image_items;
#[cfg(test)]
mod image_scene;
#[cfg(test)]
mod image_tasks;
#[cfg(test)]
mod images;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod statuses;
#[cfg(test)]
mod tenants;
