import Cron

/// The jobs of some files, beside each other in a folder, and what is wrong with them.
package struct JobFileSlice: Sendable {
  package var jobs: [JobFile] = []
  package var findings: [JobFinding] = []
}

extension JobFileList {
  /// Files of a slice.
  private static let sliceSize = 32

  /// Reads the files on `width` cores, and hands them to `body` in their order. Of a hundred thousand only a few slices are in memory
  /// at any moment. Ends early when `body` returns false, and in a cancelled task.
  package func read(width: Int, _ body: (JobFileSlice) async -> Bool) async {
    let zones = ZoneCache()
    let starts = Array(stride(from: 0, to: files.count, by: Self.sliceSize))
    await withTaskGroup(of: (place: Int, slice: JobFileSlice).self) { group in
      var waiting: [Int: JobFileSlice] = [:]
      var begun = 0
      var next = 0
      while next < starts.count, !Task.isCancelled {
        while begun < min(starts.count, next + width) {
          let (place, part) = (begun, files[starts[begun]...].prefix(Self.sliceSize))
          group.addTask { (place, Self.read(part, zones)) }
          begun += 1
        }
        if let slice = waiting.removeValue(forKey: next) {
          next += 1
          guard await body(slice) else { break }
        } else if let (place, slice) = await group.next() {
          waiting[place] = slice
        }
      }
      group.cancelAll()
    }
  }

  private static func read(_ files: ArraySlice<String>, _ zones: ZoneCache) -> JobFileSlice {
    var slice = JobFileSlice()
    for file in files {
      if Task.isCancelled { break }
      let (jobs, findings) = JobFolder.read(file, zones)
      slice.jobs += jobs
      slice.findings += findings
    }
    return slice
  }
}
