package import AWSClient

extension LifecycleRule {
  /// The rule in words, one line a part, for diffs and reports.
  package var lines: [String] {
    let rule = meaning
    let filter = rule.filter?.and
    var scope = filter?.prefix.flatMap { $0.isEmpty ? nil : "prefix \($0)" } ?? "every object"
    for tag in filter?.tags ?? [] { scope += ", tag \(tag.key)=\(tag.value)" }
    if let bytes = filter?.objectSizeGreaterThan { scope += ", over \(bytes) bytes" }
    if let bytes = filter?.objectSizeLessThan { scope += ", under \(bytes) bytes" }
    var lines = [scope + (isEnabled ? "" : " (disabled)")]
    for step in rule.transitions ?? [] { lines.append("\(Self.when(step.days, step.date)) to \(step.storageClass)") }
    if let end = rule.expiration {
      lines.append(
        end.expiredObjectDeleteMarker == true ? "expired delete markers are removed" : "\(Self.when(end.days, end.date)) expire"
      )
    }
    for step in rule.noncurrentTransitions ?? [] {
      let kept = step.newerNoncurrentVersions.map { " but the newest \($0)" } ?? ""
      lines.append("noncurrent\(kept) after \(step.noncurrentDays ?? 0) d to \(step.storageClass)")
    }
    if let end = rule.noncurrentExpiration {
      let kept = end.newerNoncurrentVersions.map { " but the newest \($0)" } ?? ""
      lines.append("noncurrent\(kept) after \(end.noncurrentDays ?? 0) d expire")
    }
    if let abort = rule.abortIncompleteUploads { lines.append("incomplete uploads after \(abort.daysAfterInitiation) d abort") }
    return lines
  }

  private static func when(_ days: Int?, _ date: String?) -> String {
    days.map { "after \($0) d" } ?? date.map { "on \($0)" } ?? "at once"
  }
}
