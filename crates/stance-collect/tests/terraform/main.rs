//! Reading Terraform states and plans into asset documents. That the checks judge them rightly is tested with the
//! binary, over the cases in `crates/stance-cli/tests/terraform`.

#![expect(clippy::disallowed_methods, reason = "tests read what belongs to them")]

#[cfg(test)]
mod files;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod joins;
#[cfg(test)]
mod support;
#[cfg(test)]
mod values;
