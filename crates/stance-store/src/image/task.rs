//! Which images a task was asked to look at.

use stance_model::TenantId;

use crate::db::{command, commit, rows};
use crate::error::{During, StoreError};
use crate::lease::{Lease, fence};
use crate::store::Store;
use crate::task::{self, Task};
use crate::text::{self, clean, take};

/// A task and an image that it was asked to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageTask {
    /// The task.
    pub task: Task,
    /// The image as it was asked for.
    pub reference: String,
    /// The digest of its manifest; empty until it is known.
    pub digest: String,
    /// The id of its asset; empty until it is known.
    pub uuid: String,
}

/// By what a task is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageTaskKey<'a> {
    /// The digest of the image's manifest.
    Digest(&'a str),
    /// The image as it was asked for.
    Reference(&'a str),
    /// Any task that was asked to look at images.
    Any,
}

/// Task, reference, digest, uuid.
type Row = (i64, String, String, String);

impl Store {
    /// Notes that the task looks at an image, or what has become known of it since; digest and uuid may be empty, and
    /// then leave what was noted.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the task has ended; [`StoreError::TooLarge`] for a reference of more than 2 KiB;
    /// [`StoreError::Database`].
    pub async fn note_image_task(
        &self,
        lease: &Lease,
        digest: &str,
        reference: &str,
        uuid: &str,
    ) -> Result<(), StoreError> {
        const DOING: &str = "noting the image of a task";
        let reference = take("reference of an image, in bytes", reference, text::ID)?;
        let digest = take("digest of an image, in bytes", digest, text::SHORT)?;
        let uuid = take("id of an image, in bytes", uuid, text::ID)?;
        let tenant = self.tenant(&lease.tenant).await?;
        let tenant = tenant.ok_or_else(|| lease.lost())?;
        let mut tx = self.db().begin_write(DOING).await?;
        fence(&mut tx, self.dialect(), tenant, lease).await?;
        let sql = "INSERT INTO image_task (tenant_no, task_id, reference, digest, uuid) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (tenant_no, task_id, reference) DO UPDATE SET \
                   digest = CASE WHEN excluded.digest = '' THEN image_task.digest ELSE excluded.digest END, \
                   uuid = CASE WHEN excluded.uuid = '' THEN image_task.uuid ELSE excluded.uuid END";
        let query = command(sql)
            .bind(tenant)
            .bind(lease.task_id)
            .bind(reference.into_owned())
            .bind(digest.into_owned())
            .bind(uuid.into_owned());
        query.execute(&mut *tx).await.during(DOING)?;
        commit(tx, DOING).await
    }

    /// The latest `limit` tasks that were asked to look at the image, latest first.
    ///
    /// # Errors
    /// [`StoreError::Database`]; [`StoreError::Corrupt`].
    pub async fn image_tasks(
        &self,
        tenant: &TenantId,
        image: ImageTaskKey<'_>,
        limit: u32,
    ) -> Result<Vec<ImageTask>, StoreError> {
        const DOING: &str = "reading the tasks of an image";
        let Some(tenant) = self.tenant(tenant).await? else {
            return Ok(Vec::new());
        };
        let (which, key) = match image {
            ImageTaskKey::Digest(digest) => ("AND m.digest = $3 AND m.digest <> ''", digest),
            ImageTaskKey::Reference(reference) => ("AND m.reference = $3", reference),
            ImageTaskKey::Any => ("AND $3 = ''", ""),
        };
        let sql = format!(
            "SELECT m.task_id, m.reference, m.digest, m.uuid FROM image_task m WHERE m.tenant_no = $1 {which} \
             ORDER BY m.task_id DESC, m.reference LIMIT $2"
        );
        let query = rows(sql).bind(tenant).bind(i64::from(limit));
        let query = query.bind(clean(key).into_owned());
        let images: Vec<Row> = query.fetch_all(&self.db().read).await.during(DOING)?;
        let mut found = Vec::new();
        for (id, reference, digest, uuid) in images {
            let sql = format!(
                "SELECT {} FROM task WHERE tenant_no = $1 AND task_id = $2",
                task::COLUMNS
            );
            let query = rows::<task::Row>(sql).bind(tenant).bind(id);
            let row = query.fetch_one(&self.db().read).await.during(DOING)?;
            found.push(ImageTask {
                task: Task::try_from(row)?,
                reference,
                digest,
                uuid,
            });
        }
        Ok(found)
    }
}
