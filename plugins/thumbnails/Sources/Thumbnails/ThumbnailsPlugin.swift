import AWSClient
import AWSOutcomes
package import CarillonPlugin
import FoundationEssentials

/// Thumbnails of every image in a folder or below a prefix in S3.
package struct ThumbnailsPlugin: Plugin {
  package static let manifest = Manifest(
    id: "thumbnails", version: "1.1.0",
    summary: "Makes thumbnails of every JPEG and PNG in a folder or an S3 bucket",
    // One image is decoded while the disk or S3 gives or takes others.
    maxInFlight: 4)

  private let config: ThumbnailsConfig
  private let places: Places
  private let maker: ThumbnailMaker

  package static func check(_ config: ThumbnailsConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: ThumbnailsConfig) throws {
    self.config = config
    places = try Places(config, processedBy: "carillon-\(Self.manifest.id)/\(Self.manifest.version)")
    maker = try ThumbnailMaker(config: config, source: places.source, destination: places.destination)
  }

  package func discover(_ run: RunContext, into sink: ItemSink<ImageItem>) async throws {
    var count: UInt64 = 0
    let discovery = Discovery(config: config, source: places.source)
    let emit = { (item: ImageItem) in
      guard item.file.path.utf8.count <= 1024 else {
        run.log.error("\(item.file.path): the path is longer than 1024 bytes; left out")
        return
      }
      try sink.emit(key: item.file.path, item)
      count += 1
    }
    if let event = try run.event(as: S3Event.self) {
      guard let (bucket, objects) = places.s3Source else {
        throw ThumbnailsError(.system, "an event names objects in S3, and the source is a folder; set `source: s3://…`")
      }
      return try await discovery.run(event, of: bucket, in: objects, log: run.log, emit: emit)
    }
    try await discovery.run(
      after: sink.checkpoint(as: String.self), emit: emit,
      checkpoint: { folder in
        try sink.setCheckpoint(folder)
        run.progress(count)
      })
    for problem in places.source.takeProblems() { run.log.warning(problem) }
  }

  package func process(_ item: ItemContext<ImageItem>) async throws -> Outcome {
    do {
      if item.run.isPlan { return try await plan(item.value) }
      switch try await maker.make(item.value) {
      case .skipped(let reason):
        return .skipped(reason)
      case .made(let output):
        if let warning = output.warning { item.log.warning(warning) }
        try item.emitEvent("image_processed", output)
        return .succeeded(output: output)
      }
    } catch let error as ThumbnailsError {
      switch error.code {
      case .unreadable, .overLimit, .occupied: return .failed(error.message)
      case .sourceChanged: return .skipped(error.message)
      case .system: return .retry(error.message)
      }
    } catch let error as AWSError {
      return Outcome(error)
    }
  }

  private func plan(_ item: ImageItem) async throws -> Outcome {
    if let reason = try await maker.reasonToSkip(item) { return .skipped(reason) }
    return .planned(effect: ["write": maker.keys(of: item)])
  }

  package func finish(_ summary: RunSummary) async throws {
    guard !summary.run.isPlan else { return }
    var report = RunReport(
      succeeded: summary.succeeded, skipped: summary.skipped, dead: summary.dead,
      cancelled: summary.cancelled)
    var sheet = ContactSheet(title: summary.run.job)
    let shown = config.sizes.min { $0.width * $0.height < $1.width * $1.height }?.name
    for try await result in summary.results {
      if result.kind == .failed {
        sheet.addFailure(path: result.key, reason: result.reason)
        continue
      }
      guard let output = try result.output(as: ImageOutput.self) else { continue }
      report.add(output, took: result.duration)
      guard let file = shown.flatMap({ output.sizes[$0] }) else { continue }
      do {
        let bytes = sheet.hasRoom(for: file.bytes) ? try await maker.destination.read(file.key) : nil
        sheet.add(output, jpeg: bytes)
      } catch let error as ThumbnailsError {
        summary.run.log.warning("left out of the contact sheet: \(error.message)")
      } catch let error as AWSError {
        summary.run.log.warning("left out of the contact sheet: \(error)")
      }
    }
    report.elapsedSeconds = Date().timeIntervalSince(summary.startedAt)
    try await summary.report(report)
    try summary.run.putArtifact(
      "contact-sheet.html", mediaType: "text/html; charset=utf-8", text: sheet.html(report))
  }
}
