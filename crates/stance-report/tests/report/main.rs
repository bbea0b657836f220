//! Behaviour of the report formats.

#[cfg(test)]
mod csv;
#[cfg(test)]
mod html;
#[cfg(test)]
mod json;
#[cfg(test)]
mod junit;
#[cfg(test)]
mod ocsf;
#[cfg(test)]
mod sarif;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod table;
#[cfg(test)]
mod writing;
