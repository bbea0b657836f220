//! Reads the YAML files below a directory, within bounds.

use std::borrow::Cow;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use stance_model::bounded;

use crate::problem::Problem;
use crate::source::Source;

/// How many bytes a file may have.
pub(crate) const MAX_FILE_BYTES: u64 = 1 << 20;
/// How many entries a directory may have, folders and other files included.
const MAX_FILES: usize = 10_000;
/// How deeply folders may nest.
const MAX_DEPTH: usize = 8;

/// Whether a file is meant to be read.
pub(crate) fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// The YAML files below `dir` in the order of their paths, and what could not be read. Hidden entries are passed
/// over. A symbolic link is followed to a file inside the directory only.
pub(crate) fn read_folder(dir: &Path) -> (Vec<Source>, Vec<Problem>) {
    let mut walk = Walk {
        root: PathBuf::new(),
        entries: 0,
        sources: Vec::new(),
        problems: Vec::new(),
    };
    match dir.canonicalize() {
        Ok(root) => {
            walk.root = root;
            walk.folder(dir, 0);
        }
        Err(error) => walk.fail(dir, format!("cannot be read: {error}")),
    }
    walk.sources.sort_by(|a, b| a.path.cmp(&b.path));
    (walk.sources, walk.problems)
}

/// Reads one file.
///
/// # Errors
/// The problem when it cannot be read, is longer than a mebibyte or is not UTF-8.
pub(crate) fn read_file(path: &Path) -> Result<Source, Problem> {
    let shown = path.to_string_lossy();
    let read = || {
        // A pipe or a device would block or never end.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "not a regular file",
            ));
        }
        bounded::read_text(path, MAX_FILE_BYTES)
    };
    match read() {
        Ok(text) => Ok(Source {
            path: shown.into_owned(),
            text: Cow::Owned(text),
        }),
        Err(error) => Err(Source::problem(&shown, format!("cannot be read: {error}"))),
    }
}

struct Walk {
    root: PathBuf,
    entries: usize,
    sources: Vec<Source>,
    problems: Vec<Problem>,
}

impl Walk {
    fn fail(&mut self, path: &Path, message: impl Into<String>) {
        self.problems
            .push(Source::problem(&path.to_string_lossy(), message));
    }

    fn folder(&mut self, dir: &Path, depth: usize) {
        if depth > MAX_DEPTH {
            return self.fail(
                dir,
                format!("folders nest more than {MAX_DEPTH} levels deep"),
            );
        }
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) => return self.fail(dir, format!("cannot be read: {error}")),
        };
        for entry in entries {
            self.entries += 1;
            if self.entries > MAX_FILES {
                if self.entries == MAX_FILES + 1 {
                    self.fail(
                        dir,
                        format!("more than {MAX_FILES} files; the rest was not read"),
                    );
                }
                return;
            }
            match entry {
                Ok(entry) => self.entry(&entry, depth),
                Err(error) => self.fail(dir, format!("cannot be read: {error}")),
            }
        }
    }

    fn entry(&mut self, entry: &DirEntry, depth: usize) {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        match entry.file_type() {
            _ if hidden => {}
            Ok(kind) if kind.is_dir() => self.folder(&path, depth + 1),
            Ok(kind) if kind.is_symlink() => self.link(&path),
            Ok(_) if is_yaml(&path) => self.file(&path),
            Ok(_) => {}
            Err(error) => self.fail(&path, format!("cannot be read: {error}")),
        }
    }

    fn link(&mut self, path: &Path) {
        match path.canonicalize() {
            Ok(target) if !target.starts_with(&self.root) => {
                self.fail(
                    path,
                    "a symbolic link that leads out of the directory is not followed",
                );
            }
            Ok(target) if target.is_dir() => {
                self.fail(path, "a symbolic link to a directory is not followed");
            }
            Ok(_) if is_yaml(path) => self.file(path),
            Ok(_) => {}
            Err(error) => self.fail(path, format!("cannot be read: {error}")),
        }
    }

    fn file(&mut self, path: &Path) {
        match read_file(path) {
            Ok(source) => self.sources.push(source),
            Err(problem) => self.problems.push(problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_in_order_and_others_are_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["b/two.yaml", "a.yml", "README.md", ".hidden.yaml"] {
            fs::write(dir.path().join(name), "id: 1").unwrap();
        }
        let (sources, problems) = read_folder(dir.path());
        assert_eq!(problems, []);
        assert_eq!(
            sources.iter().map(Source::stem).collect::<Vec<_>>(),
            ["a", "two"]
        );
    }

    #[test]
    fn what_is_too_large_or_no_text_is_a_problem() {
        let dir = tempfile::tempdir().unwrap();
        let large = vec![b'#'; usize::try_from(MAX_FILE_BYTES).unwrap() + 1];
        fs::write(dir.path().join("large.yaml"), large).unwrap();
        fs::write(dir.path().join("binary.yaml"), [0xff, 0xfe]).unwrap();
        let (sources, problems) = read_folder(dir.path());
        assert!(sources.is_empty());
        assert_eq!(problems.len(), 2);
        assert!(
            problems
                .iter()
                .any(|p| p.message.contains("larger than 1048576 bytes")),
            "{problems:?}"
        );
    }

    #[test]
    fn a_missing_directory_is_a_problem() {
        let (_, problems) = read_folder(Path::new("/no/such/directory"));
        assert!(
            problems[0].message.starts_with("cannot be read"),
            "{problems:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.yaml"), "id: 1").unwrap();
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("..data")).unwrap();
        fs::write(dir.path().join("..data/in.yaml"), "id: 1").unwrap();
        symlink(
            outside.path().join("secret.yaml"),
            dir.path().join("out.yaml"),
        )
        .unwrap();
        symlink(dir.path(), dir.path().join("loop")).unwrap();
        symlink("..data/in.yaml", dir.path().join("in.yaml")).unwrap();
        let (sources, problems) = read_folder(dir.path());
        assert_eq!(sources.iter().map(Source::stem).collect::<Vec<_>>(), ["in"]);
        assert_eq!(problems.len(), 2, "{problems:?}");
    }
}
