import AWSClient
package import CarillonPlugin
import Cron
import RollupTables

extension RollupsConfig {
  /// Everything that is wrong with a configuration that could be decoded.
  package var diagnostics: [Diagnostic] {
    places + times + funnelProblems + bounds + aws.problems.map { .error($0.message, at: "/aws/\($0.key)") }
  }

  /// What the tables are made by. Throws `RollupsError.invalid` for a zone that there is not.
  func settings() throws(RollupsError) -> RollupSettings {
    let rules: ZoneRules
    do throws(CronError) { rules = try ZoneRules.load(zone) } catch { throw RollupsError(.invalid, error.message) }
    var thresholds = Thresholds()
    if let events = anomalies.burstEvents { thresholds.burstEvents = events }
    if let seconds = anomalies.burstSeconds { thresholds.burstSeconds = seconds }
    if let amount = anomalies.largePurchase { thresholds.largePurchaseCents = amount.cents }
    if let days = anomalies.newCountryDays { thresholds.newCountryDays = days }
    var budget = MalformedBudget()
    if let percent = malformed.percent { budget.percent = percent }
    if let floor = malformed.floor { budget.floor = floor }
    return RollupSettings(
      zone: rules, weekStart: weekStart.number, funnels: funnels.map { Funnel(name: $0.name, steps: $0.steps) },
      thresholds: thresholds, budget: budget)
  }

  private var places: [Diagnostic] {
    var found: [Diagnostic] = []
    var folders: [(pointer: String, path: String)] = [("/output/folder", output.folder)]
    if case .folder(let path) = source { folders.append(("/source/folder", path)) }
    if let archive { folders.append(("/archive/folder", archive.folder)) }
    for (pointer, path) in folders where !path.hasPrefix("/") {
      found.append(.error("\"\(path)\" is not an absolute path", at: pointer))
    }
    if folders.count > 1, Set(folders.map(\.path)).count < folders.count {
      found.append(.error("source, output and archive must be folders of their own", at: "/output/folder"))
    }
    if case .folder(let path) = source, path.hasPrefix("/") {
      do throws(RollupsError) {
        if try !SystemFile.isFolder(path) { found.append(.warning("there is no folder \(path) now", at: "/source/folder")) }
      } catch {
        found.append(.warning(error.message, at: "/source/folder"))
      }
    }
    if endings.isEmpty || endings.contains("") {
      found.append(.error("there must be at least one, and none empty", at: "/endings"))
    }
    return found
  }

  private var times: [Diagnostic] {
    do throws(CronError) {
      _ = try ZoneRules.load(zone)
      return []
    } catch {
      return [.error(error.message, at: "/zone")]
    }
  }

  private var funnelProblems: [Diagnostic] {
    var found: [Diagnostic] = []
    var names: Set<String> = []
    for (index, funnel) in funnels.enumerated() {
      if funnel.name.isEmpty { found.append(.error("must not be empty", at: "/funnels/\(index)/name")) }
      if !names.insert(funnel.name).inserted {
        found.append(.error("there are two funnels \"\(funnel.name)\"", at: "/funnels/\(index)/name"))
      }
      if funnel.steps.count < 2 || funnel.steps.contains("") {
        found.append(.error("a funnel has at least two steps, and none is empty", at: "/funnels/\(index)/steps"))
      }
    }
    return found
  }

  private var bounds: [Diagnostic] {
    var found: [Diagnostic] = []
    func bound(_ value: Int?, _ range: ClosedRange<Int>, _ pointer: String) {
      guard let value, !range.contains(value) else { return }
      found.append(.error("\(value) is not within \(range.lowerBound) to \(range.upperBound)", at: pointer))
    }
    bound(anomalies.burstEvents, 1...1_000_000, "/anomalies/burstEvents")
    bound(anomalies.burstSeconds, 1...86_400, "/anomalies/burstSeconds")
    bound(anomalies.newCountryDays, 1...3_650, "/anomalies/newCountryDays")
    bound(malformed.floor, 0...1_000_000, "/malformed/floor")
    bound(archive?.keepDays, 1...36_500, "/archive/keepDays")
    if let percent = malformed.percent, !(0...100).contains(percent) {
      found.append(.error("\(percent) is not within 0 to 100", at: "/malformed/percent"))
    }
    return found
  }
}
