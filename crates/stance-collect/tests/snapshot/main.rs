//! Behaviour of the snapshot format.

#[cfg(test)]
mod compressed;
#[cfg(test)]
mod format;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod records;
#[cfg(test)]
mod support;
#[cfg(test)]
mod writer;
