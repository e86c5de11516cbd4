## Notices

notice-cancelled = Cancelled
notice-job-crashed = Something went wrong inside the program while doing this. Your regions are safe.
notice-nothing-readable = Nothing there can be read as an image ({ $count ->
    [one] 1 file
   *[other] { $count } files
} looked at)
notice-skipped = { $count ->
    [one] 1 file was skipped
   *[other] { $count } files were skipped
}
notice-written = Written: { $path }
