import AWSClient

/// What AWS says of Lambda's runtimes: when they end, and which run on arm64. Source: the Lambda developer guide, "Lambda
/// runtimes". A runtime that is not listed is taken for a current one.
package enum Runtimes {
  /// Days on which runtimes are deprecated: no more security patches, later no more changes.
  static let ends: [String: String] = [
    "nodejs": "2016-10-31", "nodejs4.3": "2020-03-05", "nodejs4.3-edge": "2019-04-30", "nodejs6.10": "2019-08-12",
    "nodejs8.10": "2020-03-06", "nodejs10.x": "2021-07-30", "nodejs12.x": "2023-03-31", "nodejs14.x": "2023-12-04",
    "nodejs16.x": "2024-06-12", "nodejs18.x": "2025-09-01", "nodejs20.x": "2026-04-30", "nodejs22.x": "2027-04-30",
    "nodejs24.x": "2028-04-30", "python2.7": "2021-07-15", "python3.6": "2022-07-18", "python3.7": "2023-12-04",
    "python3.8": "2024-10-14", "python3.9": "2025-12-15", "python3.10": "2026-10-31", "python3.11": "2027-06-30",
    "python3.12": "2028-10-31", "python3.13": "2029-06-30", "python3.14": "2029-06-30", "java8": "2024-01-08",
    "dotnetcore1.0": "2019-06-27", "dotnetcore2.0": "2019-05-30", "dotnetcore2.1": "2022-01-05",
    "dotnetcore3.1": "2023-04-03", "dotnet5.0": "2022-05-10", "dotnet6": "2024-12-20", "dotnet7": "2024-05-14",
    "dotnet8": "2026-11-10", "go1.x": "2024-01-08", "provided": "2024-01-08", "ruby2.5": "2021-07-30",
    "ruby2.7": "2023-12-07", "ruby3.2": "2026-03-31", "ruby3.3": "2027-03-31", "ruby3.4": "2028-03-31",
  ]

  /// Before Amazon Linux 2, or without a build for it.
  private static let onlyX86: Set<String> = [
    "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "python2.7", "python3.6", "python3.7",
    "java8", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnet5.0", "go1.x", "provided", "ruby2.5",
  ]

  /// The day after which the runtime is out of support; `nil` when none is known.
  package static func end(of runtime: String) -> String? { ends[runtime] }

  /// Days from that of `now` (seconds since 1970) to the runtime's last, negative when it is past; `nil` when no end is known.
  package static func daysLeft(of runtime: String, at now: Int) -> Int? {
    guard let day = ends[runtime], let end = CivilDate.secondsSince1970(day + "T00:00:00Z") else { return nil }
    return end / Window.daySeconds - now / Window.daySeconds
  }

  package static func runsOnArm(_ runtime: String) -> Bool { !onlyX86.contains(runtime) }

  /// Whether the code itself is the same on both processors, native dependencies aside.
  package static func isPortable(_ runtime: String) -> Bool {
    ["nodejs", "python", "ruby", "java", "dotnet"].contains { runtime.hasPrefix($0) }
  }
}
