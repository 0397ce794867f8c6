// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: the Swift 6 language mode and no warning left standing.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Every C target: C11 as written, and no warning left standing.
let houseC: [CSetting] = [
  .unsafeFlags(["-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-O2"])
]

/// `import HelloSwift` in the example's sources means its target of this package.
let helloAlias: [SwiftSetting] = [
  .unsafeFlags(["-module-alias", "HelloSwift=ExampleHelloSwift"])
]

let package = Package(
  name: "carillon",
  products: [
    .executable(name: "carillon", targets: ["carillon"]),
    .executable(name: "carillon-host", targets: ["carillon-host"]),
    .library(name: "CCarillonPlugin", targets: ["CCarillonPlugin"]),
    .library(name: "CarillonPlugin", targets: ["CarillonPlugin"]),
    .library(name: "CarillonPluginTesting", targets: ["CarillonPluginTesting"]),
    .library(name: "hello-swift", type: .dynamic, targets: ["ExampleHelloSwiftEntry"]),
    .library(name: "typed-noop", type: .dynamic, targets: ["TypedNoop"]),
    .library(name: "thumbnails", type: .dynamic, targets: ["ThumbnailsEntry"]),
    .library(name: "Cron", targets: ["Cron"]),
    .library(name: "command", type: .dynamic, targets: ["CommandEntry"]),
    .library(name: "cost-optimizer", type: .dynamic, targets: ["CostOptimizerEntry"]),
    .library(name: "s3-lifecycle", type: .dynamic, targets: ["S3LifecycleEntry"]),
    .library(name: "analytics-rollups", type: .dynamic, targets: ["AnalyticsRollupsEntry"]),
    .executable(name: "thumbnails-bench", targets: ["ThumbnailsBench"]),
    .library(name: "email-dispatch", type: .dynamic, targets: ["EmailDispatchEntry"]),
  ],
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // The AWS client of plugins, and its tests' servers.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/CoreOffice/XMLCoder", from: "0.18.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-async-algorithms", from: "1.1.4"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
  ],
  targets: [
    // The plugin's side of the border.
    // No unsafe flags here or in the SDK: packages of plugin authors depend on both.
    .target(name: "CCarillonPlugin", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CarillonPlugin", dependencies: ["CCarillonPlugin"], swiftSettings: house),
    .target(
      name: "CarillonPluginTesting", dependencies: ["CarillonPlugin", "CCarillonPlugin"],
      swiftSettings: house),
    // The frames between the daemon and its hosts, and the host itself.
    .target(name: "CCarillonFrames", cSettings: houseC),
    .executableTarget(
      name: "carillon-host", dependencies: ["CCarillonPlugin", "CCarillonFrames"],
      path: "Sources/CarillonHost", cSettings: houseC,
      linkerSettings: [
        .linkedLibrary("dl"), .linkedLibrary("pthread"),
        // No Swift runtime in a host: a plugin brings the one it was built with.
        .unsafeFlags([
          "-nostartfiles", "-static-stdlib",
          "-Xclang-linker", "--config=\(Context.packageDirectory)/etc/link-as-needed.cfg",
        ]),
      ]),
    // The daemon's side.
    .target(name: "Cron", swiftSettings: house),
    .target(name: "JobModel", dependencies: ["Cron"], swiftSettings: house),
    .target(
      name: "Store",
      dependencies: [
        "JobModel", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: house),
    // What may be asked of a Carillon, and its JSON.
    .target(name: "ControlAPI", dependencies: ["JobModel"], swiftSettings: house),
    // The same, asked of a daemon over its socket.
    .target(
      name: "ControlClient",
      dependencies: [
        "ControlAPI", "JobModel",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ], swiftSettings: house),
    .testTarget(
      name: "ControlClientTests", dependencies: ["ControlAPI", "ControlClient", "JobModel"], exclude: ["Peer"],
      swiftSettings: house),
    .target(name: "CLinuxProcess", cSettings: houseC),
    .target(name: "CLinuxTime", cSettings: houseC),
    .target(
      name: "WorkerPool", dependencies: ["JobModel", "CCarillonFrames", "CLinuxProcess"],
      swiftSettings: house),
    .target(
      name: "JobFiles", dependencies: ["Cron", "JobModel", .product(name: "Yams", package: "Yams")],
      swiftSettings: house),
    .target(
      name: "Engine",
      dependencies: [
        "JobModel", "Store", "WorkerPool", "CLinuxTime", "Cron",
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "DequeModule", package: "swift-collections"),
      ], swiftSettings: house),
    // The control API: HTTP on a unix socket, over the engine.
    .target(
      name: "Server",
      dependencies: [
        "CLinuxProcess", "ControlAPI", "Cron", "Engine", "JobFiles", "JobModel", "Store", "WorkerPool",
        .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], swiftSettings: house),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Server", "ControlAPI", "Engine", "JobFiles", "JobModel", "Store", "WorkerPool", "carillon-host",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ], exclude: ["Oracle"], swiftSettings: house),
    // The example plugin: a package of its own, and here so that the root's build and tests cover it. Its targets have
    // other names here, as a package and its dependency may not share them; the sources keep the name they import.
    .target(
      name: "ExampleHelloSwift", dependencies: ["CarillonPlugin"],
      path: "examples/hello-swift/Sources/HelloSwift", swiftSettings: house),
    .target(
      name: "ExampleHelloSwiftEntry", dependencies: ["ExampleHelloSwift", "CarillonPlugin"],
      path: "examples/hello-swift/Sources/HelloSwiftEntry", swiftSettings: house + helloAlias),
    .testTarget(
      name: "ExampleHelloSwiftTests", dependencies: ["ExampleHelloSwift", "CarillonPluginTesting"],
      path: "examples/hello-swift/Tests/HelloSwiftTests", swiftSettings: house + helloAlias),
    // Tests of the plugin's side.
    .testTarget(
      name: "CarillonPluginTests",
      dependencies: ["CarillonPlugin", "CarillonPluginTesting", "CCarillonPlugin"],
      swiftSettings: house),
    .testTarget(
      name: "CarillonPluginTestingTests",
      dependencies: ["CarillonPluginTesting", "CarillonPlugin", "CCarillonPlugin"],
      swiftSettings: house),
    // What the SDK costs.
    .executableTarget(
      name: "sdk-benchmark", dependencies: ["CarillonPlugin", "CCarillonPlugin"],
      path: "Benchmarks/PluginSDK", swiftSettings: house),
    .testTarget(
      name: "CarillonHostTests", dependencies: ["CCarillonPlugin", "CCarillonFrames"],
      exclude: ["Plugins"], swiftSettings: house),
    .target(name: "StoreConformance", dependencies: ["JobModel", "Store"], swiftSettings: house),
    .executableTarget(
      name: "store-bench", dependencies: ["JobModel", "Store"], path: "Benchmarks/store",
      exclude: ["sqlite_ceiling.c"], swiftSettings: house),
    .executableTarget(
      name: "store-crasher", dependencies: ["JobModel", "Store"], path: "Tests/StoreCrasher", swiftSettings: house),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Cron", "JobModel", "Seeded", "Store", "StoreConformance", "store-crasher",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], swiftSettings: house),
    // Tests of the schedules.
    .executableTarget(name: "cron-bench", dependencies: ["Cron"], path: "Benchmarks/cron", swiftSettings: house),
    .testTarget(
      name: "CronTests", dependencies: ["Cron", "Seeded"], exclude: ["Oracle"], swiftSettings: house),
    // Tests of the job files.
    .testTarget(name: "JobFilesTests", dependencies: ["Cron", "JobFiles", "JobModel"], swiftSettings: house),
    // Benchmarks of the whole.
    .executableTarget(
      name: "queue-bench", dependencies: ["Engine", "JobModel", "Store"], path: "Benchmarks/queue/Sources",
      swiftSettings: house),
    .target(
      name: "TypedNoop", dependencies: ["CarillonPlugin", "CCarillonPlugin"], path: "Benchmarks/queue/TypedNoop",
      swiftSettings: house),
    // The thumbnails plugin.
    .target(
      name: "CImageCodecs", path: "plugins/thumbnails/Sources/CImageCodecs",
      cSettings: houseC + [.unsafeFlags(["-O3"])],
      linkerSettings: [
        .linkedLibrary("jpeg"), .linkedLibrary("png"), .linkedLibrary("deflate"),
        .linkedLibrary("lcms2"), .linkedLibrary("m"),
      ]),
    .target(
      name: "Thumbnails",
      dependencies: [
        "AWSClient", "AWSOutcomes", "CImageCodecs", "CarillonPlugin", .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "plugins/thumbnails/Sources/Thumbnails", swiftSettings: house),
    .target(
      name: "ThumbnailsEntry", dependencies: ["Thumbnails", "CarillonPlugin"],
      path: "plugins/thumbnails/Sources/ThumbnailsEntry", swiftSettings: house),
    .executableTarget(
      name: "ThumbnailsBench", dependencies: ["Thumbnails"],
      path: "plugins/thumbnails/Sources/ThumbnailsBench", swiftSettings: house),
    .testTarget(
      name: "ThumbnailsTests",
      dependencies: [
        "AWSClient", "AWSTestServers", "Thumbnails", "CImageCodecs", "CarillonPlugin", "CarillonPluginTesting",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "plugins/thumbnails/Tests/ThumbnailsTests", exclude: ["Oracle"], swiftSettings: house),
    // The process that stays.
    .target(
      name: "Daemon",
      dependencies: [
        "ControlAPI", "Engine", "JobModel", "Server", "Store",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], swiftSettings: house),
    // The command plugin.
    .target(name: "CSpawn", path: "plugins/command/Sources/CSpawn", cSettings: houseC),
    .target(
      name: "Command", dependencies: ["CSpawn", "CarillonPlugin"], path: "plugins/command/Sources/Command",
      swiftSettings: house),
    .target(
      name: "CommandEntry", dependencies: ["Command", "CarillonPlugin"], path: "plugins/command/Sources/CommandEntry",
      swiftSettings: house),
    .testTarget(
      name: "CommandTests", dependencies: ["Command", "CarillonPlugin", "CarillonPluginTesting"],
      path: "plugins/command/Tests/CommandTests", swiftSettings: house),
    // Crontabs and systemd timers into job files.
    .target(name: "JobImport", swiftSettings: house),
    .testTarget(
      name: "JobImportTests", dependencies: ["JobImport", "Seeded", .product(name: "Yams", package: "Yams")],
      swiftSettings: house),
    // The program.
    .executableTarget(
      name: "carillon",
      dependencies: [
        "ControlAPI", "ControlClient", "Cron", "Daemon", "Engine", "JobFiles", "JobImport", "JobModel", "Server", "Store",
        "WorkerPool",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: house),
    .testTarget(
      name: "EngineTests", dependencies: ["Engine", "JobModel", "Store", "WorkerPool", "Seeded"], exclude: ["Plugins"],
      swiftSettings: house),
    .testTarget(
      name: "SchedulingTests",
      dependencies: [
        "Engine", "JobModel", "Store", "Cron", "WorkerPool", "Seeded",
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: house),
    .executableTarget(
      name: "idle-bench", dependencies: [.product(name: "GRDBSQLite", package: "GRDB.swift")], path: "Benchmarks/idle",
      exclude: ["apscheduler_idle.py", "run.sh"], swiftSettings: house),
    .executableTarget(
      name: "trigger-bench", dependencies: ["Engine", "JobModel", "Store"], path: "Benchmarks/trigger",
      swiftSettings: house),
    .testTarget(
      name: "CarillonTests",
      dependencies: [
        "carillon", "carillon-host", "AWSClient", "AWSTestServers", "ControlAPI", "Cron", "ExampleHelloSwiftEntry", "Engine",
        "JobModel", "Store",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      exclude: ["Stall"], swiftSettings: house),
    // What breaks it from outside.
    .executableTarget(
      name: "fault-campaign",
      dependencies: [
        "Seeded",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], path: "Benchmarks/faults", swiftSettings: house),
    .testTarget(
      name: "FaultCampaignTests", dependencies: ["fault-campaign", "JobModel", "Store", "StoreConformance"],
      swiftSettings: house),
    // Tests of the model, and of the processes.
    .testTarget(name: "JobModelTests", dependencies: ["JobModel", "Seeded"], swiftSettings: house),
    .testTarget(
      name: "WorkerPoolTests", dependencies: ["WorkerPool", "JobModel", "CCarillonFrames", "Seeded"], exclude: ["Plugins"],
      swiftSettings: house),
    // AWS, for plugins. The daemon never imports it.
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .target(
      name: "AWSClient",
      dependencies: [
        "CExpat",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "XMLCoder", package: "XMLCoder"),
      ], swiftSettings: house),
    // What AWS's errors are to the engine.
    .target(name: "AWSOutcomes", dependencies: ["AWSClient", "CarillonPlugin"], swiftSettings: house),
    .target(
      name: "AWSTestServers",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], path: "Tests/AWSTestServers", swiftSettings: house),
    .testTarget(
      name: "AWSClientTests",
      dependencies: [
        "AWSClient", "AWSTestServers", "Seeded",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ], exclude: ["Oracle"], swiftSettings: house),
    // The cost optimizer plugin.
    .target(
      name: "CostOptimizer",
      dependencies: ["AWSClient", "AWSOutcomes", "CarillonPlugin", .product(name: "Crypto", package: "swift-crypto")],
      path: "plugins/cost-optimizer/Sources/CostOptimizer", swiftSettings: house),
    .target(
      name: "CostOptimizerEntry", dependencies: ["CostOptimizer", "CarillonPlugin"],
      path: "plugins/cost-optimizer/Sources/CostOptimizerEntry", swiftSettings: house),
    .testTarget(
      name: "CostOptimizerTests",
      dependencies: [
        "AWSClient", "AWSTestServers", "CarillonPlugin", "CarillonPluginTesting", "CostOptimizer", "Seeded",
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "plugins/cost-optimizer/Tests/CostOptimizerTests", exclude: ["Oracle"], swiftSettings: house),
    .executableTarget(
      name: "cost-bench", dependencies: ["AWSTestServers", "CarillonPlugin", "CarillonPluginTesting", "CostOptimizer"],
      path: "Benchmarks/cost", swiftSettings: house),
    .executableTarget(
      name: "s3-bench", dependencies: ["AWSClient", "S3Lifecycle"], path: "Benchmarks/s3",
      exclude: ["peers", "run.sh", "static_s3.c"], swiftSettings: house),
    // The S3 lifecycle plugin.
    .target(
      name: "S3Lifecycle",
      dependencies: [
        "AWSClient", "AWSOutcomes", "CarillonPlugin", .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "plugins/s3-lifecycle/Sources/S3Lifecycle", swiftSettings: house),
    .target(
      name: "S3LifecycleEntry", dependencies: ["S3Lifecycle", "CarillonPlugin"],
      path: "plugins/s3-lifecycle/Sources/S3LifecycleEntry", swiftSettings: house),
    .testTarget(
      name: "S3LifecycleTests",
      dependencies: [
        "S3Lifecycle", "AWSClient", "AWSTestServers", "CarillonPlugin", "CarillonPluginTesting", "Seeded",
        .product(name: "NIOCore", package: "swift-nio"),
      ], path: "plugins/s3-lifecycle/Tests/S3LifecycleTests", swiftSettings: house),
    // The email dispatch plugin: messages, SMTP, and the plugin itself.
    .systemLibrary(
      name: "CCurl", path: "plugins/email-dispatch/Sources/CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CIDN", path: "plugins/email-dispatch/Sources/CIDN", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
    .target(
      name: "MailMessage",
      dependencies: [
        .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
      ], path: "plugins/email-dispatch/Sources/MailMessage", swiftSettings: house),
    .target(
      name: "SMTPClient",
      dependencies: [
        "CCurl", .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
      ], path: "plugins/email-dispatch/Sources/SMTPClient", swiftSettings: house),
    .target(
      name: "EmailDispatch",
      dependencies: [
        "CIDN", "CarillonPlugin", "MailMessage", "SMTPClient", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], path: "plugins/email-dispatch/Sources/EmailDispatch", swiftSettings: house),
    .target(
      name: "EmailDispatchEntry", dependencies: ["EmailDispatch", "CarillonPlugin"],
      path: "plugins/email-dispatch/Sources/EmailDispatchEntry", swiftSettings: house),
    .target(
      name: "MailCampaign", dependencies: ["CarillonPlugin", "CarillonPluginTesting", "EmailDispatch"],
      path: "plugins/email-dispatch/Tests/MailCampaign", exclude: ["scripted_smtp.py"], swiftSettings: house),
    .executableTarget(
      name: "mail-faults",
      dependencies: ["CarillonPlugin", "CarillonPluginTesting", "EmailDispatch", "MailCampaign", "Seeded"],
      path: "plugins/email-dispatch/Tests/MailFaults", swiftSettings: house),
    .executableTarget(
      name: "mail-bench",
      dependencies: ["CarillonPlugin", "CarillonPluginTesting", "EmailDispatch", "MailMessage", "SMTPClient"],
      path: "Benchmarks/mail", exclude: ["python_send.py", "run.sh", "smtplib_send.py"], swiftSettings: house),
    .testTarget(
      name: "MailMessageTests",
      dependencies: [
        "MailMessage", "Seeded", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ], path: "plugins/email-dispatch/Tests/MailMessageTests", exclude: ["Oracle"], swiftSettings: house),
    .testTarget(
      name: "SMTPClientTests", dependencies: ["SMTPClient", "MailCampaign"],
      path: "plugins/email-dispatch/Tests/SMTPClientTests", swiftSettings: house),
    .testTarget(
      name: "EmailDispatchTests",
      dependencies: [
        "CarillonPlugin", "CarillonPluginTesting", "EmailDispatch", "MailCampaign", "Seeded", "mail-faults",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], path: "plugins/email-dispatch/Tests/EmailDispatchTests", exclude: ["Oracle"], swiftSettings: house),
    // The analytics rollups plugin.
    .target(
      name: "CRollups", path: "plugins/analytics-rollups/Sources/CRollups", cSettings: houseC,
      linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd"), .linkedLibrary("xxhash")]),
    // Files into parts, parts into tables: knows neither Carillon nor S3.
    .target(
      name: "RollupTables", dependencies: ["CRollups", "Cron", .product(name: "GRDBSQLite", package: "GRDB.swift")],
      path: "plugins/analytics-rollups/Sources/RollupTables", swiftSettings: house),
    .target(
      name: "AnalyticsRollups",
      dependencies: [
        "AWSClient", "AWSOutcomes", "CarillonPlugin", "Cron", "RollupTables", .product(name: "NIOCore", package: "swift-nio"),
      ], path: "plugins/analytics-rollups/Sources/AnalyticsRollups", swiftSettings: house),
    .target(
      name: "AnalyticsRollupsEntry", dependencies: ["AnalyticsRollups", "CarillonPlugin"],
      path: "plugins/analytics-rollups/Sources/AnalyticsRollupsEntry", swiftSettings: house),
    .testTarget(
      name: "AnalyticsRollupsTests",
      dependencies: [
        "AWSClient", "AWSTestServers", "AnalyticsRollups", "CarillonPlugin", "CarillonPluginTesting", "Cron", "RollupTables",
        "Seeded", .product(name: "NIOCore", package: "swift-nio"),
      ], path: "plugins/analytics-rollups/Tests/AnalyticsRollupsTests", exclude: ["Oracle"], swiftSettings: house),
    // Randomness that a printed seed repeats, for tests and campaigns.
    .target(name: "Seeded", path: "Tests/Seeded", swiftSettings: house),
  ]
)
