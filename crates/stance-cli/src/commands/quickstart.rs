//! `stance quickstart`: the example estate, checked and served, with no set-up at all.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use stance_model::{Clock, Lang};
use stance_report::Format;
use stance_service::{NewKey, ScanOptions};

use crate::commands::scan::{OutputArgs, report_of};
use crate::commands::serve;
use crate::output;
use crate::place;
use crate::progress::progress;
use crate::session::{LangArgs, Session, StoreArgs, block_on};

/// The example estate, carried in the program so that it can be shown anywhere.
static ESTATE: &[u8] = include_bytes!("../../../../examples/estate/estate.jsonl");

/// What marks the keys that quickstart makes.
const COMMENT: &str = "quickstart";

/// Loads the example estate, checks it, prints a summary and the worst findings with their evidence, and serves the API
/// with an access key made for it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  stance quickstart            ends with Ctrl-C
  stance quickstart --once     ends after the summary")]
pub(crate) struct Args {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = serve::LISTEN, value_name = "ADDR")]
    listen: SocketAddr,
    /// End after the summary.
    #[arg(long)]
    once: bool,
    #[command(flatten)]
    lang: LangArgs,
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) fn quickstart(args: &Args) -> anyhow::Result<ExitCode> {
    block_on(async {
        let folder = place::data_folder()?;
        let mut store = args.store.clone();
        if store.db.is_none() {
            store.db = Some(place::sqlite_url(&folder.join("quickstart.db"))?);
        }
        // Taken first, so that a taken port is said before the work.
        let listener = if args.once {
            None
        } else {
            Some(serve::listen(args.listen).await?)
        };
        let session = store.open(Clock::System).await?;
        let lang = args.lang.get();
        let estate = unpack(&folder)?;
        let options = ScanOptions {
            judged_at: None,
            progress: progress(),
            ..ScanOptions::default()
        };
        let summary = session
            .service
            .scan(&session.caller, &[estate], options)
            .await?;
        let report = report_of(
            &session,
            &summary,
            "examples/estate".to_owned(),
            lang,
            Format::Table,
        )
        .await?;
        OutputArgs {
            format: Format::Table,
            output: None,
            limit: 10,
        }
        .write(&report)?;
        let Some((listener, address)) = listener else {
            session.service.close().await;
            return Ok(ExitCode::SUCCESS);
        };
        // Only in its own database does a key of that name belong to it.
        let own = args.store.db.is_none();
        output::print(&welcome(&session, address, lang, own).await?)?;
        serve::run(session.service, listener).await
    })
}

/// Writes the example estate into the data folder, at once.
fn unpack(folder: &Path) -> anyhow::Result<PathBuf> {
    let path = folder.join("example-estate.jsonl");
    let writing = || format!("writing `{}`", path.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(writing)?;
    std::io::Write::write_all(file.as_file_mut(), ESTATE).with_context(writing)?;
    file.persist(&path).with_context(writing)?;
    Ok(path)
}

/// Makes a key in place of that of an earlier quickstart, and says how the API is reached.
async fn welcome(
    session: &Session,
    address: SocketAddr,
    lang: Lang,
    own: bool,
) -> anyhow::Result<String> {
    let (service, caller) = (&session.service, &session.caller);
    for old in service
        .list_keys(caller)
        .await?
        .iter()
        .filter(|key| own && key.comment == COMMENT)
    {
        service.delete_key(caller, &old.id).await?;
    }
    let key = service
        .create_key(
            caller,
            NewKey {
                comment: COMMENT.to_owned(),
                ..NewKey::default()
            },
        )
        .await?;
    let secret = String::from_utf8_lossy(key.secret.as_bytes()).into_owned();
    let lang = if lang == Lang::Zh { "zh" } else { "en" };
    Ok(format!(
        "\nThe API of Alibaba Cloud Security Center (2018-12-03) answers on http://{address}\n\
         \n  access key id      {id}\n  access key secret  {secret}   (shown this once)\n\
         \nRead it with the vendor's own SDK (pip install alibabacloud_sas20181203):\n\n\
         from alibabacloud_sas20181203.client import Client\n\
         from alibabacloud_sas20181203.models import ListCheckResultRequest\n\
         from alibabacloud_tea_openapi.models import Config\n\n\
         client = Client(Config(access_key_id='{id}',\n    \
             access_key_secret='{secret}',\n    \
             endpoint='{address}', protocol='http'))\n\
         answer = client.list_check_result(ListCheckResultRequest(statuses=['NOT_PASS'], lang='{lang}'))\n\
         for check in answer.body.checks:\n    \
             print(check.check_id, check.risk_level, check.check_show_name)\n\n\
         Ctrl-C ends it.",
        id = key.id,
    ))
}
