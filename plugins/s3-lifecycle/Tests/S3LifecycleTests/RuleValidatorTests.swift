import AWSClient
import Testing

@testable import S3Lifecycle

/// The limits that AWS documents, one by one.
@Suite struct RuleValidatorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: LifecycleRule
    /// Part of the one error; `nil` where AWS takes the rule.
    let error: String?

    init(_ name: String, _ error: String?, _ change: (inout LifecycleRule) -> Void) {
      testDescription = name
      var rule = LifecycleRule(id: "r", prefix: "p/")
      change(&rule)
      self.rule = rule
      self.error = error
    }
  }

  static let cases: [Case] = [
    Case("nothing to do", "it does nothing") { _ in },
    Case("IA at 30 days", nil) { $0.transitions = [.init(days: 30, storageClass: .standardIA)] },
    Case("IA at 29 days", "at least 30 days, not 29") { $0.transitions = [.init(days: 29, storageClass: .standardIA)] },
    Case("one zone at 29 days", "at least 30 days, not 29") { $0.transitions = [.init(days: 29, storageClass: .oneZoneIA)] },
    Case("an archive at once", nil) { $0.transitions = [.init(days: 0, storageClass: .glacier)] },
    Case("days below zero", "-1 days") { $0.transitions = [.init(days: -1, storageClass: .glacier)] },
    Case("GLACIER 30 days after IA", nil) {
      $0.transitions = [.init(days: 30, storageClass: .standardIA), .init(days: 60, storageClass: .glacier)]
    },
    Case("GLACIER 29 days after IA", "30 days or more after the one to STANDARD_IA") {
      $0.transitions = [.init(days: 30, storageClass: .standardIA), .init(days: 59, storageClass: .glacier)]
    },
    Case("up the waterfall", "DEEP_ARCHIVE must come after the one to GLACIER") {
      $0.transitions = [.init(days: 90, storageClass: .glacier), .init(days: 60, storageClass: .deepArchive)]
    },
    Case("expiry on the day of the last transition", "must come after the transition to GLACIER after 90 d") {
      $0.transitions = [.init(days: 90, storageClass: .glacier)]
      $0.expiration = .init(days: 90)
    },
    Case("expiry the day after", nil) {
      $0.transitions = [.init(days: 90, storageClass: .glacier)]
      $0.expiration = .init(days: 91)
    },
    Case("expiry at once", "after at least 1 day") { $0.expiration = .init(days: 0) },
    Case("an empty expiry", "one of them alone") { $0.expiration = .init() },
    Case("markers by tag", "delete markers cannot be chosen by tags") {
      $0.expiration = .init()
      $0.expiration?.expiredObjectDeleteMarker = true
      $0.filter?.tag = Tag("a", "b")
    },
    Case("an unknown class", "FROZEN is no storage class") {
      $0.transitions = [.init(days: 30, storageClass: StorageClass(rawValue: "FROZEN"))]
    },
    Case("back to STANDARD", "nothing goes to STANDARD") { $0.transitions = [.init(days: 30, storageClass: .standard)] },
    Case("a class twice", "two transitions go to GLACIER") {
      $0.transitions = [.init(days: 1, storageClass: .glacier), .init(days: 2, storageClass: .glacier)]
    },
    Case("one zone to instant", "from ONEZONE_IA to GLACIER_IR") {
      $0.transitions = [.init(days: 30, storageClass: .oneZoneIA), .init(days: 90, storageClass: .glacierInstantRetrieval)]
    },
    Case("noncurrent IA at 29 days", "noncurrent transition to STANDARD_IA takes at least 30") {
      $0.noncurrentTransitions = [.init(noncurrentDays: 29, storageClass: .standardIA)]
    },
    Case("noncurrent expiry too early", "noncurrent expiry after 30 d must come after") {
      $0.noncurrentTransitions = [.init(noncurrentDays: 30, storageClass: .standardIA)]
      $0.noncurrentExpiration = .init(noncurrentDays: 30)
    },
    Case("101 versions kept", "1 to 100 noncurrent versions") {
      $0.noncurrentExpiration = .init(noncurrentDays: 1)
      $0.noncurrentExpiration?.newerNoncurrentVersions = 101
    },
    Case("an abort by tag", "cannot be chosen by tags") {
      $0.abortIncompleteUploads = .init(daysAfterInitiation: 7)
      $0.filter = .init()
      $0.filter?.tag = Tag("a", "b")
    },
    Case("an abort by size", "cannot be chosen by size") {
      $0.abortIncompleteUploads = .init(daysAfterInitiation: 7)
      $0.filter = .init()
      $0.filter?.objectSizeGreaterThan = 1
    },
    Case("an abort at once", "after at least 1 day") { $0.abortIncompleteUploads = .init(daysAfterInitiation: 0) },
    Case("an id of 256", "the id has 256 characters") {
      $0.id = String(repeating: "x", count: 256)
      $0.expiration = .init(days: 1)
    },
    Case("a long prefix", "longer than 1,024 bytes") {
      $0.filter = .init(prefix: String(repeating: "x", count: 1_025))
      $0.expiration = .init(days: 1)
    },
    Case("sizes that exclude each other", "no object is over 10 and under 10") {
      $0.expiration = .init(days: 1)
      $0.filter = .make(prefix: "", largerThan: 10, smallerThan: 10)
    },
    Case("eleven tags", "11 tags") {
      $0.expiration = .init(days: 1)
      $0.filter = .make(prefix: "", tags: (0..<11).map { Tag("k\($0)", "v") })
    },
    Case("a tag twice", "a tag is named twice") {
      $0.expiration = .init(days: 1)
      $0.filter = .make(prefix: "", tags: [Tag("k", "1"), Tag("k", "2")])
    },
    Case("days and a date", "mixed") {
      var dated = LifecycleRule.Transition(days: 1, storageClass: .glacier)
      (dated.days, dated.date) = (nil, "2030-01-01T00:00:00Z")
      $0.transitions = [dated, .init(days: 400, storageClass: .deepArchive)]
    },
    Case("a date at noon", "is not midnight") {
      $0.expiration = .init()
      $0.expiration?.date = "2030-01-01T12:00:00Z"
    },
  ]

  @Test(arguments: cases) func limits(_ one: Case) {
    let errors = RuleValidator.findings([one.rule]).filter(\.isError).map(\.message)
    if let error = one.error {
      #expect(errors.contains { $0.contains(error) }, "\(errors)")
    } else {
      #expect(errors.isEmpty)
    }
  }

  @Test func aBucketHasAThousandRulesWithIdsOfTheirOwn() {
    func rules(_ count: Int, id: (Int) -> String) -> [LifecycleRule] {
      (0..<count).map { number in
        var rule = LifecycleRule(id: id(number), prefix: "p\(number)/")
        rule.expiration = .init(days: 1)
        return rule
      }
    }
    #expect(RuleValidator.findings(rules(1_000) { "r\($0)" }).isEmpty)
    #expect(RuleValidator.findings(rules(1_001) { "r\($0)" }).map(\.message) == ["1001 rules; a bucket has at most 1000"])
    #expect(RuleValidator.findings(rules(2) { _ in "same" }).map(\.message) == ["another rule has this id too"])
  }

  @Test func overlapsAreWarnedOf() {
    func rule(_ id: String, _ prefix: String) -> LifecycleRule {
      var rule = LifecycleRule(id: id, prefix: prefix)
      rule.expiration = .init(days: 10)
      return rule
    }
    let found = RuleValidator.findings([rule("a", "logs/"), rule("b", "logs/web/"), rule("c", "other/"), rule("d", "logs2/")])
    #expect(found.map(\.description) == ["b: it acts on objects of logs/web/, as \"a\" does"])
    #expect(!found[0].isError)
    var disabled = rule("a", "")
    disabled.isEnabled = false
    #expect(RuleValidator.findings([disabled, rule("b", "x")]).isEmpty)
    // Called like halves of one rule, and none.
    #expect(RuleValidator.findings([rule("a", "x/"), rule("a-end", "x/")]).count == 1)
  }

  @Test func theStandardRulesAreValid() {
    for choice in [RuleChoice.generated, .archive] {
      let rules = StandardRules.candidates(choice, prefix: "", isVersioned: true).map { $0.rule(idPrefix: "carillon-") }
      #expect(RuleValidator.findings(rules).filter(\.isError).isEmpty)
      let forecaster = Forecaster(prices: .standard, minBytes: 131_072, horizonMonths: 36, copies: false)
      var config = LifecycleConfig(bucket: "b")
      config.rules = choice
      let split = WantedRules(config, isVersioned: true, forecaster: forecaster, leavesSmallAlone: true).candidates
      #expect(RuleValidator.findings(split).filter(\.isError).isEmpty)
      // The generated rules do not get in each other's way, nor do the halves that some are split into.
      if choice == .generated {
        #expect(RuleValidator.overlaps(split).isEmpty && split.contains { $0.id?.hasSuffix("-end") == true })
      }
    }
  }

  @Test(
    arguments: [
      ("ok", 90, 180, nil as String?), ("early", 89, 180, "ARCHIVE_ACCESS takes 90 to 730 days, not 89"),
      ("deep", 90, 179, "DEEP_ARCHIVE_ACCESS takes 180"), ("late", 731, nil, "not 731"),
      ("turned", 300, 200, "must come after ARCHIVE_ACCESS"), ("none", nil, nil, "names no archive tier"),
      ("no blanks", 90, nil, "1 to 64 letters"),
    ] as [(String, Int?, Int?, String?)])
  func tiering(id: String, archive: Int?, deep: Int?, error: String?) {
    let made = DeclaredTiering(id: id, archiveDays: archive, deepArchiveDays: deep).configuration(idPrefix: "c-")
    let found = TieringValidator.findings([made]).map(\.message)
    if let error { #expect(found.contains { $0.contains(error) }, "\(found)") } else { #expect(found.isEmpty) }
  }
}
