//! Reading files and documents line by line, judging assets as they come.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use stance_collect::snapshot::{
    AssetDoc, Limits, Line, Problem, Problems, RawLine, Reader, SnapshotError, parse_line,
};
use stance_engine::{Context, RelatedIndex};
use stance_model::record::Account;
use stance_model::{Asset, Coverage, Provider, Record};

use super::{Intake, LINES};
use crate::error::ServiceError;
use crate::scan::judge::{Verdict, judge};
use crate::scan::{Phase, Progress};

/// A parsed line: an asset that was judged, or anything else.
enum Parsed {
    Judged(AssetDoc, Vec<Verdict>),
    Line(Box<Line>),
    Problem(Problem),
}

/// The providers that the heads of the files name; empty when they name none, which says nothing.
pub(in crate::scan) fn providers(files: &[PathBuf]) -> Result<BTreeSet<Provider>, ServiceError> {
    let limits = Limits::default();
    let mut found = BTreeSet::new();
    for file in files {
        let mut reader = Reader::open(file, limits)?;
        for raw in reader.next_batch(LINES)?.into_iter().flatten() {
            match parse_line(&raw, &limits) {
                Ok(Line::Account(account)) => found.insert(account.provider),
                Ok(Line::Coverage(coverage)) => found.insert(coverage.provider),
                Ok(Line::Asset(asset)) => found.insert(asset.provider),
                _ => continue,
            };
        }
    }
    Ok(found)
}

impl Intake<'_> {
    /// Reads files and judges every asset that needs no other.
    ///
    /// # Errors
    /// [`ServiceError::Snapshot`] names every broken line of the first file that has one.
    pub(in crate::scan) fn files(
        &mut self,
        files: &[PathBuf],
        progress: &dyn Progress,
    ) -> Result<(), ServiceError> {
        progress.begin(Phase::Reading, None);
        for file in files {
            self.file(file, progress)?;
        }
        Ok(())
    }

    /// Takes in documents as if each stood on a line of a snapshot, under the same bounds.
    ///
    /// # Errors
    /// [`ServiceError::Invalid`] for the first that breaks them.
    pub(in crate::scan) fn documents(
        &mut self,
        assets: Vec<Asset>,
        progress: &dyn Progress,
    ) -> Result<(), ServiceError> {
        progress.begin(Phase::Reading, Some(assets.len() as u64));
        for (asset, number) in assets.into_iter().zip(1..) {
            let id = asset.id.clone();
            let refuse = |why: String| ServiceError::Invalid {
                what: "asset",
                why: format!("`{id}`: {why}"),
            };
            let record = Record::Asset(Box::new(asset));
            let bytes = serde_json::to_vec(&record).map_err(|error| refuse(error.to_string()))?;
            match self.parse(&RawLine::new(number, bytes)) {
                Parsed::Judged(asset, verdicts) => self.add(&asset, verdicts),
                Parsed::Problem(problem) => return Err(refuse(problem.message)),
                Parsed::Line(line) => self.line(*line, &mut Vec::new()),
            }
            progress.advance(1);
        }
        Ok(())
    }

    fn file(&mut self, file: &Path, progress: &dyn Progress) -> Result<(), ServiceError> {
        let mut reader = Reader::open(file, self.limits)?;
        let mut problems = Problems::default();
        let mut coverage = Vec::new();
        while let Some(batch) = reader.next_batch(LINES)? {
            let count = batch.len() as u64;
            let parsed: Vec<Parsed> = batch.par_iter().map(|raw| self.parse(raw)).collect();
            for parsed in parsed {
                match parsed {
                    Parsed::Judged(asset, verdicts) => self.add(&asset, verdicts),
                    Parsed::Problem(problem) => problems.push(problem),
                    Parsed::Line(line) => self.line(*line, &mut coverage),
                }
            }
            progress.advance(count);
        }
        let completeness = reader.finish();
        problems
            .into_result(file)
            .map_err(|error: SnapshotError| ServiceError::Snapshot(error))?;
        self.cover(coverage, &completeness);
        Ok(())
    }

    /// Parses a line; judges its asset if that needs no other.
    fn parse(&self, raw: &RawLine) -> Parsed {
        match parse_line(raw, &self.limits) {
            Ok(Line::Asset(asset)) if !self.waits(&asset) => {
                let nothing = RelatedIndex::default();
                let context = Context {
                    now: self.now,
                    related: &nothing,
                };
                let verdicts = judge(self.catalog, self.checks, &asset, &context);
                Parsed::Judged(asset, verdicts)
            }
            Ok(line) => Parsed::Line(Box::new(line)),
            Err(problem) => Parsed::Problem(problem),
        }
    }

    fn waits(&self, asset: &AssetDoc) -> bool {
        self.deferred_types.contains(&asset.asset_type) || self.related.wants(&asset.asset_type)
    }

    fn line(&mut self, line: Line, coverage: &mut Vec<Coverage>) {
        match line {
            Line::Account(Account { provider, id, name }) => {
                self.accounts.entry((provider, id)).or_default().name = name;
            }
            Line::Coverage(record) => coverage.push(record),
            Line::Asset(asset) => {
                self.related.insert(asset.value.clone());
                self.deferred.push(asset);
            }
            Line::Header(_) | Line::End(_) => {}
        }
    }
}
