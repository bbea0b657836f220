//! What all formats have in common.

use std::io::{self, Write};

use stance_model::Lang;
use stance_report::{Format, Options, ReportError};

use crate::scene::{report, written};

/// A reader that has gone, or a disk that is full.
struct Broken(io::ErrorKind);

impl Write for Broken {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_is_told_from_other_errors() {
    for format in Format::ALL {
        let write = |kind| {
            stance_report::write(
                &report(Lang::En),
                format,
                &Options::default(),
                &mut Broken(kind),
            )
            .unwrap_err()
        };
        assert!(
            matches!(write(io::ErrorKind::BrokenPipe), ReportError::BrokenPipe),
            "{format}"
        );
        assert!(
            matches!(write(io::ErrorKind::StorageFull), ReportError::Write(_)),
            "{format}"
        );
    }
}

#[test]
fn the_same_report_is_written_the_same() {
    for format in Format::ALL {
        assert_eq!(
            written(&report(Lang::En), format),
            written(&report(Lang::En), format),
            "{format}"
        );
    }
}

#[test]
fn what_could_not_be_read_is_in_every_format() {
    for format in Format::ALL {
        let text = written(&report(Lang::En), format);
        assert!(
            text.contains("cn-beijing") && text.contains("throttled by the provider"),
            "{format}"
        );
    }
}

#[test]
fn formats_are_named_by_their_keys() {
    for format in Format::ALL {
        assert_eq!(format.key().parse(), Ok(format));
    }
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert_eq!(
        error,
        "`xml` is no report format; there are table, json, csv, sarif, ocsf, junit, html"
    );
}
