import AWSTestServers
import Foundation

/// An account as one finds them: a few dear functions, many that cost cents, some forgotten, some on old runtimes.
enum SampleFunction {
  static let days = 30

  static let earlierMonths = """
    {"months":[{"month":"2023-06","cost":3080.2,"saving":1610,"functions":871,"unknown":0},
    {"month":"2023-07","cost":3233.9,"saving":1655.1,"functions":893,"unknown":0},
    {"month":"2023-08","cost":3302.4,"saving":1702.8,"functions":922,"unknown":2},
    {"month":"2023-09","cost":2988,"saving":1490.3,"functions":948,"unknown":0},
    {"month":"2023-10","cost":3221.5,"saving":1641,"functions":981,"unknown":0}]}
    """

  /// The same figures in every run.
  static func make(_ number: Int) -> LambdaAccount.Function {
    var function = LambdaAccount.Function(name(number))
    function.runtime = ["python3.13", "nodejs22.x", "java21", "provided.al2023", "python3.7"][number % 5]
    function.architecture = number % 3 == 0 ? "arm64" : "x86_64"
    function.memoryMB = [128, 256, 512, 1_024, 2_048, 3_008][number * 7 % 6]
    function.timeoutSeconds = [3, 30, 60, 300, 900][number * 3 % 5]
    function.ephemeralMB = number % 50 == 7 ? 4_096 : 512
    guard number % 9 != 4 else { return function }  // nobody calls it
    // Zipf: the thousandth function has a thousandth of the calls.
    let calls = 2_400_000 / Double(number + 1)
    let mean = 40 + Double(number * 37 % 460)
    func daily(_ value: (Double) -> Double) -> [Double] {
      (0..<days).map { day in
        let week = (day + 3) % 7 >= 5 ? 0.55 : 1
        return value(calls * week * (1 + 0.01 * Double(day) + 0.08 * sin(Double(day * 5 + number))))
      }
    }
    function.metrics = [
      "Invocations Sum": daily { $0.rounded() }, "Errors Sum": daily { number % 23 == 11 ? ($0 * 0.08).rounded() : 0 },
      "Throttles Sum": daily { number % 71 == 20 ? ($0 * 0.02).rounded() : 0 }, "Duration Sum": daily { $0.rounded() * mean },
      "Duration SampleCount": daily { $0.rounded() }, "Duration Maximum": daily { _ in mean * 6 },
      "Duration p95": daily { _ in mean * 2.5 },
      "ConcurrentExecutions Maximum": daily { max(1, ($0 * mean / 86_400_000 * 6).rounded()) },
    ]
    if number % 4 == 1 { function.metrics["used_memory_max Maximum"] = daily { _ in Double(function.memoryMB) * 0.3 } }
    if number % 97 == 3 {
      function.provisioned = ["live": 12]
      function.metrics["ProvisionedConcurrentExecutions Maximum"] = daily { _ in 4 }
      function.metrics["ProvisionedConcurrencyInvocations Sum"] = daily { $0.rounded() }
    }
    return function
  }

  private static func name(_ number: Int) -> String {
    let parts = ["orders", "billing", "search", "images", "mail", "webhooks", "sessions", "export"]
    let verbs = ["create", "index", "notify", "resize", "collect", "confirm", "archive"]
    return "\(parts[number % parts.count])-\(verbs[number / 3 % verbs.count])-\(number)"
  }
}
