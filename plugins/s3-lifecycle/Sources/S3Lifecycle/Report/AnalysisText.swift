import AWSClient

/// The report that a person reads: what is there, what the rules would do, what that saves. Markdown.
package struct AnalysisText {
  package var bucket: String
  package var analysis: Analysis
  package var savings: Savings
  package var changes: [RuleMerge.Change] = []
  package var tiering: [TieringItem] = []
  package var findings: [RuleFinding] = []
  /// Rules that depend on tags, which a listing does not say.
  package var unreadable: [String] = []
  /// Prefixes shown, the largest first.
  package static let prefixesShown = 50

  package init(bucket: String, analysis: Analysis, savings: Savings) {
    self.bucket = bucket
    self.analysis = analysis
    self.savings = savings
  }

  package var markdown: String {
    var lines = ["# s3://\(bucket)", ""]
    let total = analysis.current
    lines.append(
      "\(Figure.count(total.objects)) objects, \(Figure.bytes(total.bytes)); "
        + "\(Figure.count(analysis.noncurrent.objects)) noncurrent versions, \(Figure.bytes(analysis.noncurrent.bytes)); "
        + "\(Figure.count(analysis.deleteMarkers)) delete markers; "
        + "\(Figure.count(analysis.uploads.count)) incomplete uploads, \(Figure.count(analysis.uploads.old)) of them over 7 days old."
    )
    lines += ["", "## By age", ""] + ages
    lines += ["", "## By storage class", ""] + classes
    lines += ["", "## By first prefix", ""] + prefixes
    lines += ["", "## Savings", ""] + savingsLines
    if !changes.isEmpty { lines += ["", "## Rules", "", "```diff"] + changes.flatMap(\.diff) + ["```"] }
    if !tiering.isEmpty { lines += ["", "## Intelligent-Tiering", ""] + tiering.map { "- " + Self.line($0) } }
    if !findings.isEmpty {
      lines += ["", "## Worth a look", ""] + findings.map { "- \($0.isError ? "error: " : "")\($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func line(_ item: TieringItem) -> String {
    guard let wanted = item.wanted else { return "\(item.id): removed (\(item.before?.line ?? ""))" }
    return "\(item.id): \(item.before == nil ? "added" : "changed") (\(wanted.line))"
  }

  private var ages: [String] {
    var rows = ["| age | objects | bytes | share | noncurrent, since replaced | bytes |", "|---|---:|---:|---:|---:|---:|"]
    for band in AgeBand.allCases {
      let (own, old) = (analysis.ages[band.rawValue], analysis.noncurrentAges[band.rawValue])
      rows.append(
        "| \(band.title) | \(Figure.count(own.objects)) | \(Figure.bytes(own.bytes)) | "
          + "\(Figure.percent(own.bytes, of: analysis.current.bytes)) | \(Figure.count(old.objects)) | \(Figure.bytes(old.bytes)) |"
      )
    }
    return rows
  }

  private var classes: [String] {
    ["| class | objects and versions | bytes |", "|---|---:|---:|"]
      + analysis.classes.sorted { $0.value.bytes > $1.value.bytes }.map { name, tally in
        "| \(name) | \(Figure.count(tally.objects)) | \(Figure.bytes(tally.bytes)) |"
      }
  }

  private var prefixes: [String] {
    let sorted = analysis.prefixes.sorted { ($0.value.current.bytes, $1.key) > ($1.value.current.bytes, $0.key) }
    var rows = ["| prefix | objects | bytes | over 90 d | noncurrent |", "|---|---:|---:|---:|---:|"]
    for (name, prefix) in sorted.prefix(Self.prefixesShown) {
      let old = prefix.ages[AgeBand.year.rawValue].bytes + prefix.ages[AgeBand.older.rawValue].bytes
      let title = name.isEmpty ? "(no prefix)" : "`" + name.replacing("|", with: "\\|").replacing("`", with: "'") + "`"
      rows.append(
        "| \(title) | \(Figure.count(prefix.current.objects)) | \(Figure.bytes(prefix.current.bytes)) | "
          + "\(Figure.bytes(old)) | \(Figure.bytes(prefix.noncurrent.bytes)) |")
    }
    if sorted.count > Self.prefixesShown {
      rows.append("| … \(Figure.count(sorted.count - Self.prefixesShown)) more | | | | |")
    }
    return rows
  }

  private var savingsLines: [String] {
    var rows = [
      "| rule | due now | later | too small | never pays | first month | of it costs | a month in the end | pays after | expiry, a month in the end |",
      "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    // Rules that no object of today has to do with have nothing to say.
    for line in savings.lines.filter(\.isOfObjects) + [savings.total] {
      let pays = line.totalCost == 0 ? "–" : line.monthsUntilItPays.map { "\($0) months" } ?? "never"
      rows.append(
        "| \(line.rule) | \(tally(line.due)) | \(tally(line.later)) | \(Figure.count(line.tooSmall.objects)) | "
          + "\(Figure.count(line.neverPays.objects)) | \(Figure.dollars(line.firstMonth)) | \(Figure.dollars(line.firstMonthCost)) | "
          + "\(Figure.dollars(line.steadyMonthly)) | \(pays) | \(Figure.dollars(line.expirySteadyMonthly)) |")
    }
    rows += ["", "Prices: \(savings.priceSource). Storage, requests and early ends; no traffic, no requests by readers."]
    if !unreadable.isEmpty { rows.append("Not counted, as they ask for tags: \(unreadable.joined(separator: ", ")).") }
    return rows
  }

  private func tally(_ tally: Tally) -> String {
    tally.objects == 0 ? "–" : "\(Figure.count(tally.objects)), \(Figure.bytes(tally.bytes))"
  }
}
