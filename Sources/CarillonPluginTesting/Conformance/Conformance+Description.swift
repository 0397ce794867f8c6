import CCarillonPlugin
import CarillonPlugin

/// What can be seen without an instance.
extension Conformance {
  func descriptor() -> [Finding] {
    let raw = UnsafeRawPointer(plugin.descriptor)
    let size = Int(raw.load(as: UInt32.self))
    // Up to `destroy` the first version's plugins already reach.
    let least = MemoryLayout<carillon_plugin>.offset(of: \.extension) ?? 0
    guard size >= least else {
      return [Finding(rule: .descriptor, message: "struct_size is \(size); at least \(least) is needed")]
    }
    let table = carillon_plugin(reading: plugin.descriptor)
    var findings: [Finding] = []
    if table.abi_major != UInt16(CARILLON_ABI_MAJOR) {
      findings.append(
        Finding(
          rule: .descriptor,
          message: "abi_major is \(table.abi_major); this host speaks \(CARILLON_ABI_MAJOR)"))
    }
    let missing = [
      ("describe", table.describe == nil), ("create", table.create == nil),
      ("discover", table.discover == nil), ("process", table.process == nil),
      ("destroy", table.destroy == nil),
    ]
    for (name, isMissing) in missing where isMissing {
      findings.append(Finding(rule: .descriptor, message: "\(name) is NULL"))
    }
    return findings
  }

  func manifest() async -> [Finding] {
    let manifest: Manifest
    do {
      manifest = try await harness().manifest()
    } catch {
      return [Finding(rule: .manifest, message: errorMessage(error))]
    }
    var findings: [Finding] = []
    let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
    if manifest.id.isEmpty || !letters.isSuperset(of: manifest.id) {
      findings.append(
        Finding(rule: .manifest, message: "the id \"\(manifest.id)\" is not of a-z, 0-9 and -"))
    }
    if manifest.version.isEmpty {
      findings.append(Finding(rule: .manifest, message: "the version is empty"))
    }
    if !(1...4096).contains(manifest.maxInFlight) {
      findings.append(
        Finding(rule: .manifest, message: "max_in_flight is \(manifest.maxInFlight), not in 1...4096"))
    }
    if manifest.workers < 0 || manifest.itemTimeout <= .zero {
      findings.append(
        Finding(rule: .manifest, message: "workers is negative or item_timeout_s not positive"))
    }
    return findings
  }

  /// Configurations that are no JSON must be refused by `check`, with a finding, and by `create`, with an error.
  func garbage() async -> [Finding] {
    var findings: [Finding] = []
    for config in ["{", "\u{0}", "[1,", "{\"a\":}", String(repeating: "[", count: 4000)] {
      let shown = "\"\(config.prefix(8))…\""
      let harness = harness(config: config)
      do {
        let (diagnostics, status) = try await harness.main.run { [plugin] in plugin.check(config) }
        let hasError = diagnostics.contains { $0.severity == .error }
        if plugin.descriptor.pointee.check != nil, status == CARILLON_OK || !hasError {
          findings.append(
            Finding(
              rule: .check,
              message: "check of \(shown) returned \(status) with \(diagnostics.count) findings"))
        }
        do {
          try await harness.create()
          findings.append(Finding(rule: .create, message: "create took \(shown) for a configuration"))
          try await harness.destroy()
        } catch {
          if harness.record.errors.isEmpty {
            findings.append(
              Finding(rule: .create, message: "create refused \(shown) without host->error"))
          }
        }
      } catch {
        findings.append(Finding(rule: .check, message: errorMessage(error)))
      }
    }
    return findings
  }
}
