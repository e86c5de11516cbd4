//! Anything slower than a frame: runs on a named thread, reports progress, can be cancelled, and
//! comes home through `poll`.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::dicom::{self, Progress};
use crate::measure::Skeleton;
use crate::simulate;
use crate::study::{FrameKey, Study, Uid};

use super::analysis::Analysis;
use super::proposals::Proposals;
use super::reading::{OpenedFiles, Reading, Snapshot};
use super::symmetry::{Basis, Mapped};
use super::{CurveExport, Export, curves, demo_case, export, self_test};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    Analyse,
    Open,
    Export,
    Propose,
    SelfTest,
    Symmetry,
}

impl JobKind {
    /// Whether the reader asked for it and may call it off.
    pub fn asked_for(self) -> bool {
        self != Self::Analyse
    }
}

/// A job under way, for the progress bar.
pub struct JobState {
    pub kind: JobKind,
    /// The path that is opened or written; empty where there is none.
    pub subject: PathBuf,
    shared: Arc<Shared>,
}

impl JobState {
    /// 0 to 1, or `None` while the amount of work is not known.
    pub fn fraction(&self) -> Option<f64> {
        let total = self.shared.total.load(Ordering::Relaxed);
        let done = self.shared.done.load(Ordering::Relaxed);
        (total > 0).then(|| (done as f64 / total as f64).min(1.0))
    }
}

pub(super) enum Outcome {
    Analysed(Uid, Analysis),
    Opened(OpenedFiles),
    Exported(PathBuf),
    Mapped(Box<Mapped>),
    Proposed(Proposals),
    SelfTested(self_test::Report),
    Failed(String),
    Cancelled,
}

type Wake = Arc<Mutex<Option<Box<dyn Fn() + Send + Sync>>>>;

struct Shared {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
    wake: Wake,
}

impl Progress for Shared {
    fn advance(&self, done: usize, total: usize) {
        let (done, total) = (done as u64, total as u64);
        // A bar has a thousand places at most; more would only wake the window.
        let place = |done: u64, total: u64| done.saturating_mul(1000).checked_div(total);
        let before = place(self.done.swap(done, Ordering::Relaxed), total);
        self.total.store(total, Ordering::Relaxed);
        if place(done, total) != before {
            self.wake();
        }
    }

    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn wake(&self) {
        wake(&self.wake);
    }
}

fn wake(wake: &Wake) {
    if let Ok(wake) = wake.lock()
        && let Some(wake) = wake.as_ref()
    {
        wake();
    }
}

/// Jobs run one after the other, in the order they were asked for.
pub(super) struct Jobs {
    waiting: VecDeque<(JobKind, PathBuf, Work)>,
    running: Option<JobState>,
    sender: Sender<Outcome>,
    receiver: Receiver<Outcome>,
    arrived: Vec<Outcome>,
    wake: Wake,
}

type Work = Box<dyn FnOnce(&Shared) -> Outcome + Send>;

impl Default for Jobs {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self {
            waiting: VecDeque::new(),
            running: None,
            sender,
            receiver,
            arrived: Vec::new(),
            wake: Wake::default(),
        }
    }
}

impl Jobs {
    pub fn on_news(&mut self, wake: impl Fn() + Send + Sync + 'static) {
        if let Ok(mut slot) = self.wake.lock() {
            *slot = Some(Box::new(wake));
        }
    }

    pub fn running(&self) -> Option<&JobState> {
        self.running.as_ref()
    }

    pub fn open(&mut self, path: PathBuf) {
        let subject = path.clone();
        self.start(JobKind::Open, subject, Box::new(move |shared| open(path, shared)));
    }

    pub fn analyse(&mut self, study: Arc<Study>) {
        let work = move |_: &Shared| Outcome::Analysed(study.uid.clone(), Analysis::aside(&study));
        self.start(JobKind::Analyse, PathBuf::new(), Box::new(work));
    }

    pub fn map_sides(
        &mut self,
        study: Arc<Study>,
        frame: FrameKey,
        basis: Basis,
        bones: Option<Arc<Skeleton>>,
    ) {
        let work = move |_: &Shared| match Mapped::new(&study, frame, basis, bones.as_deref()) {
            Some(mapped) => Outcome::Mapped(Box::new(mapped)),
            None => Outcome::Cancelled,
        };
        self.start(JobKind::Symmetry, PathBuf::new(), Box::new(work));
    }

    pub fn propose(&mut self, mut reading: Reading) {
        let work = move |_: &Shared| {
            if !reading.analysed() {
                let analysis = Analysis::of(reading.opened());
                reading.receive(analysis);
            }
            Outcome::Proposed(Proposals::of(&reading))
        };
        self.start(JobKind::Propose, PathBuf::new(), Box::new(work));
    }

    pub fn export(&mut self, snapshot: Snapshot, request: Export) {
        let subject = request.path.clone();
        let work = move |_: &Shared| match export::write(&snapshot, &request) {
            Ok(()) => Outcome::Exported(request.path),
            Err(error) => Outcome::Failed(error.to_string()),
        };
        self.start(JobKind::Export, subject, Box::new(work));
    }

    pub fn self_test(&mut self) {
        let work = |shared: &Shared| match self_test::run(&|set| set.files(), shared) {
            Some(report) => Outcome::SelfTested(report),
            None => Outcome::Cancelled,
        };
        self.start(JobKind::SelfTest, PathBuf::new(), Box::new(work));
    }

    pub fn export_curve(&mut self, snapshot: Snapshot, request: CurveExport) {
        let subject = request.path.clone();
        let work = move |_: &Shared| match curves::write(&snapshot, &request) {
            Ok(()) => Outcome::Exported(request.path),
            Err(error) => Outcome::Failed(error.to_string()),
        };
        self.start(JobKind::Export, subject, Box::new(work));
    }

    /// Has `poll` called once more, soon.
    pub fn wake(&self) {
        wake(&self.wake);
    }

    /// Stops the running job, where the reader asked for it, and forgets the waiting ones.
    pub fn cancel(&mut self) {
        self.waiting.clear();
        if let Some(job) = self.running.as_ref().filter(|job| job.kind.asked_for()) {
            job.shared.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Blocks until the running job has news.
    pub fn wait(&mut self) {
        if self.running.is_some()
            && let Ok(outcome) = self.receiver.recv_timeout(Duration::from_secs(3600))
        {
            self.arrived.push(outcome);
        }
    }

    pub fn finished(&mut self) -> Vec<Outcome> {
        self.arrived.extend(self.receiver.try_iter());
        if !self.arrived.is_empty() {
            self.running = None;
            self.next();
        }
        std::mem::take(&mut self.arrived)
    }

    fn start(&mut self, kind: JobKind, subject: PathBuf, work: Work) {
        self.waiting.push_back((kind, subject, work));
        if self.running.is_none() {
            self.next();
        }
    }

    fn next(&mut self) {
        let Some((kind, subject, work)) = self.waiting.pop_front() else { return };
        let shared = Arc::new(Shared {
            cancelled: AtomicBool::new(false),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            wake: self.wake.clone(),
        });
        self.running = Some(JobState { kind, subject, shared: shared.clone() });
        let sender = self.sender.clone();
        let job = move || {
            // A panic in a decoder must not take the reader's work with it.
            let work = std::panic::AssertUnwindSafe(|| work(&shared));
            let outcome = std::panic::catch_unwind(work)
                .unwrap_or_else(|_| Outcome::Failed(crate::text::t("notice-job-crashed")));
            let outcome = if shared.cancelled() { Outcome::Cancelled } else { outcome };
            // The receiver is gone only when the program ends.
            let _ = sender.send(outcome);
            shared.wake();
        };
        let spawned = std::thread::Builder::new().name("job".into()).spawn(job);
        if let Err(error) = spawned {
            self.arrived.push(Outcome::Failed(format!("could not start a thread: {error}")));
        }
    }
}

fn open(path: PathBuf, shared: &Shared) -> Outcome {
    match read(&path, shared) {
        Ok((studies, skipped)) => {
            let readings = studies.into_iter().map(Reading::unanalysed).collect();
            Outcome::Opened(OpenedFiles { readings, skipped, source: path })
        }
        Err(message) => Outcome::Failed(message),
    }
}

/// Reads a path or simulates a case.
fn read(
    path: &std::path::Path,
    progress: &dyn Progress,
) -> Result<(Vec<Study>, Vec<dicom::Skipped>), String> {
    if let Some(name) = demo_case(path) {
        let case = simulate::case(name).map_err(|e| e.to_string())?;
        let step = |fraction: f32| progress.advance((fraction * 1000.0) as usize, 1000);
        return Ok((vec![simulate::acquire(&case, &step).study], Vec::new()));
    }
    if let Some(set) = self_test::test_set(path) {
        let loaded = self_test::open(set, progress)?;
        return Ok((loaded.value, loaded.skipped));
    }
    let loaded = dicom::open(path, progress).map_err(|e| e.to_string())?;
    Ok((loaded.value, loaded.skipped))
}
