//! A check's own status: one pure function over how its results fall.

use stance_model::view::Counts;
use stance_model::{CheckStatus, Coverage, CoverageStatus, Reason, ReasonKind};

/// What a check's status is derived from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// Whether a task that will touch it is running.
    pub(crate) running: bool,
    /// How its results fall.
    pub(crate) counts: Counts,
    /// Whether a whole-check exception is in force.
    pub(crate) excepted: bool,
    /// Coverage of its asset type that is not ok, worst first.
    pub(crate) gaps: Vec<Coverage>,
}

/// The first that applies: CHECKING, NOT_PASS (a violation is a violation even where something else could not be
/// read), FAILED (something it needs could not be read), WHITELIST (the check is excepted, or every failing result
/// is), PASS, NOT_CHECK. A check without any asset is NOT_CHECK: nothing was judged.
pub(crate) fn of(standing: &Standing) -> CheckStatus {
    let counts = &standing.counts;
    if standing.running {
        CheckStatus::Checking
    } else if counts.fail > 0 {
        CheckStatus::NotPass
    } else if counts.unknown > 0 || standing.gaps.iter().any(is_unread) {
        CheckStatus::Failed
    } else if counts.excepted > 0 || (standing.excepted && counts.total() > 0) {
        CheckStatus::Whitelist
    } else if counts.pass > 0 {
        CheckStatus::Pass
    } else {
        CheckStatus::NotCheck
    }
}

/// What could not be read of a check's assets: said with every status, so that a failed region is never hidden.
pub(crate) fn reason(standing: &Standing) -> Option<Reason> {
    let unread: Vec<&Coverage> = standing.gaps.iter().filter(|gap| is_unread(gap)).collect();
    if let Some(worst) = unread.first() {
        let mut reason = worst.problem()?;
        if unread.len() > 1 {
            let message = reason.message.take().unwrap_or_default();
            reason.message = Some(format!("{message} (+{})", unread.len() - 1));
        }
        return Some(reason);
    }
    if standing.counts.unknown > 0 || standing.counts.total() > 0 {
        return None;
    }
    standing.gaps.first().and_then(Coverage::problem)
}

/// Whether something is there that was not read, unlike a product that is not activated or not offered.
pub(crate) fn is_unread(coverage: &Coverage) -> bool {
    matches!(
        coverage.status,
        CoverageStatus::Partial | CoverageStatus::Failed
    )
}

/// The reason when results, and not coverage, could not be decided.
pub(crate) fn undecided(counts: &Counts, sample: Option<Reason>) -> Reason {
    let mut reason = sample
        .unwrap_or_else(|| Reason::new(ReasonKind::NotCollected, "see the results of the check"));
    let about = reason.message.take().unwrap_or_default();
    let of = format!("{}/{}", counts.unknown, counts.total());
    reason.message = Some(if about.is_empty() {
        of
    } else {
        format!("{of}: {about}")
    });
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gap(status: CoverageStatus) -> Coverage {
        Coverage {
            provider: stance_model::Provider::Aliyun,
            account: "1".to_owned(),
            region: "cn-hangzhou".to_owned(),
            asset_type: "aliyun/rds/instance".parse().unwrap(),
            status,
            reason: None,
        }
    }

    #[test]
    fn the_first_status_that_applies_wins() {
        let mut standing = Standing::default();
        assert_eq!(of(&standing), CheckStatus::NotCheck);
        standing.gaps = vec![gap(CoverageStatus::NotActivated)];
        assert_eq!(of(&standing), CheckStatus::NotCheck);
        assert_eq!(reason(&standing).unwrap().kind, ReasonKind::NotActivated);
        standing.counts.pass = 3;
        assert_eq!(of(&standing), CheckStatus::Pass);
        standing.excepted = true;
        assert_eq!(of(&standing), CheckStatus::Whitelist);
        standing.excepted = false;
        standing.counts.excepted = 1;
        assert_eq!(of(&standing), CheckStatus::Whitelist);
        standing.counts.unknown = 1;
        assert_eq!(of(&standing), CheckStatus::Failed);
        standing.counts.fail = 1;
        assert_eq!(of(&standing), CheckStatus::NotPass);
        standing.running = true;
        assert_eq!(of(&standing), CheckStatus::Checking);
    }

    #[test]
    fn a_failed_region_is_never_a_pass_and_always_said() {
        let mut standing = Standing::default();
        standing.counts.pass = 3;
        standing.gaps = vec![gap(CoverageStatus::Partial), gap(CoverageStatus::Failed)];
        assert_eq!(of(&standing), CheckStatus::Failed);
        standing.counts.fail = 1;
        assert_eq!(of(&standing), CheckStatus::NotPass);
        assert!(
            reason(&standing)
                .unwrap()
                .message
                .unwrap()
                .ends_with("(+1)")
        );
    }
}
