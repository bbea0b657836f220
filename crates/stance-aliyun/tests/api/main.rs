//! The façade as its callers meet it: signed requests against the router, over a real service and a real store.

#[cfg(test)]
mod authentication;
#[cfg(test)]
mod image_family;
#[cfg(test)]
mod image_scan;
#[cfg(test)]
mod image_scene;
#[cfg(test)]
mod image_values;
#[cfg(test)]
mod images;
#[cfg(test)]
mod malformed;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod random;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod sign;
