/// Looks at a plugin from the host's side and lists where it breaks the contract. A plugin that crashes or never returns
/// from a call takes the process with it: that is a finding too.
public struct Conformance: Sendable {
  /// The plugin.
  public var plugin: PluginUnderTest

  /// A configuration under which a run has a few items and does no harm.
  public var config: String

  /// Circumstances of the runs, faults aside.
  public var script: Script

  /// How long a cancelled item may take.
  public var grace: Duration

  /// A run in plan mode leaves its plan as an artifact; of any other plugin that is a breach.
  public var planLeavesArtifacts: Bool

  public init(
    _ plugin: PluginUnderTest, config: String = "{}", script: Script = Script(),
    grace: Duration = .seconds(10), planLeavesArtifacts: Bool = false
  ) {
    self.plugin = plugin
    self.config = config
    self.script = script
    self.grace = grace
    self.planLeavesArtifacts = planLeavesArtifacts
  }

  /// All findings; empty for a plugin that keeps the contract as far as this can see.
  public static func check(
    _ plugin: PluginUnderTest, config: String = "{}", script: Script = Script(),
    grace: Duration = .seconds(10), planLeavesArtifacts: Bool = false
  ) async -> [Finding] {
    await Conformance(
      plugin, config: config, script: script, grace: grace, planLeavesArtifacts: planLeavesArtifacts
    ).findings()
  }

  /// All findings; see `check`.
  public func findings() async -> [Finding] {
    // What cannot be called safely is not called.
    var findings = descriptor()
    guard findings.isEmpty else { return findings }
    findings += await manifest()
    findings += await garbage()
    guard findings.allSatisfy({ $0.rule != .manifest }) else { return findings }
    let (run, ofRun) = await wholeRun()
    findings += ofRun
    guard let run else { return findings }
    findings += await resumption(of: run)
    findings += await cancelledDiscovery(of: run)
    findings += await cancelledItems(of: run)
    findings += await plan()
    return findings
  }

  func harness(_ change: (inout Script) -> Void = { _ in }, config: String? = nil) -> PluginHarness {
    var script = script
    change(&script)
    return PluginHarness(plugin, config: config ?? self.config, script: script, patience: grace)
  }
}

extension Finding {
  static func breaches(_ record: RunRecord) -> [Finding] {
    Set(record.breaches).sorted().map { Finding(rule: .breach, message: $0) }
  }
}
