//! Opening, saving, reporting, undoing.

use super::{Action, action, hotspots, selected};
use crate::findings::Edit;
use crate::workbench::{Command, Compare, Question, candidates, demo_path, prior};

pub(super) static ACTIONS: &[Action] = &[
    action!("file.open", File, ["Ctrl+O"], |_| Some(Command::Ask(Question::OpenFile))),
    action!("file.open_folder", File, ["Ctrl+Shift+O"], |_| {
        Some(Command::Ask(Question::OpenFolder))
    }),
    action!("file.demo", File, ["Ctrl+D"], |_| Some(Command::Open(demo_path("metastases")))),
    action!("file.load_regions", File, [], |b| {
        b.study().map(|_| Command::Ask(Question::LoadRegions))
    }),
    action!("file.save_regions", File, ["Ctrl+S"], |b| {
        b.study().map(|_| Command::Ask(Question::SaveRegions))
    }),
    action!("report.preview", File, ["P"], |b| b.study().map(|_| Command::Ask(Question::Report))),
    action!("report.export", File, ["Ctrl+E"], |b| {
        b.study().map(|_| Command::Ask(Question::Export))
    }),
    action!("compare.prior", File, ["Ctrl+P"], |b| {
        let best = candidates(b).into_iter().find(|c| c.same_patient)?;
        Some(Command::Compare(Compare::With { study: best.study, another_patient: false }))
    }),
    action!("compare.copy_regions", File, [], |b| {
        let any = b.hung().is_some_and(|r| !r.findings().rois().is_empty());
        prior(b).filter(|_| any).map(|_| Command::Compare(Compare::CopyRegions))
    }),
    action!("compare.end", File, [], |b| prior(b).map(|_| Command::Compare(Compare::End))),
    action!("job.cancel", File, [], |b| b
        .running_job()
        .filter(|job| job.kind.asked_for())
        .map(|_| Command::Cancel)),
    action!("file.quit", File, ["Ctrl+Q"], |_| Some(Command::Ask(Question::Quit))),
    action!("edit.undo", Edit, ["Ctrl+Z"], |b| {
        b.reading().filter(|r| r.history().can_undo()).map(|_| Command::Undo)
    }),
    action!("edit.redo", Edit, ["Ctrl+Shift+Z", "Ctrl+Y"], |b| {
        b.reading().filter(|r| r.history().can_redo()).map(|_| Command::Redo)
    }),
    action!("roi.delete", Edit, ["Delete", "Backspace"], |b| {
        if let Some(annotation) = b.selected_annotation() {
            return Some(Command::Edit(Edit::RemoveAnnotation(annotation)));
        }
        // A proposal is looked at while no region is selected: then it is turned down.
        let Some(roi) = selected(b) else { return hotspots::reject(b) };
        Some(Command::Edit(Edit::Remove(roi.id)))
    }),
];
