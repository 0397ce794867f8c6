package import Store

/// The one suite that every store passes. A test target runs each case against a fresh store:
///
///     @Test(arguments: StoreConformance.cases)
///     func conforms(_ conformance: StoreConformance.Case) async throws { try await conformance.check(freshStore()) }
package enum StoreConformance {
  /// One promise of `Store` or `ScheduleStore`. `check` throws a `Failure` when the store, which must be empty, does not keep it.
  package struct Case: Sendable, CustomStringConvertible {
    package let name: String
    package let check: @Sendable (any Store & ScheduleStore) async throws -> Void

    package var description: String { name }
  }

  /// What a store did otherwise than it should.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package static var cases: [Case] {
    runCases + insertCases + readyCases + recordCases + historyCases + claimCases + changeCases + aroundCases + pruneCases
      + concurrencyCases + randomCases + scheduleCases + instantCases
  }
}

/// Throws unless `actual` is `expected`.
func expect<Value: Equatable>(
  _ actual: Value, is expected: Value, _ what: @autoclosure () -> String = "", file: String = #fileID, line: Int = #line
) throws {
  guard actual != expected else { return }
  throw StoreConformance.Failure(description: "\(file):\(line) \(what()): expected \(expected), found \(actual)")
}

/// Throws unless `condition` holds.
func expect(
  _ condition: Bool, _ what: @autoclosure () -> String, file: String = #fileID, line: Int = #line
) throws {
  if !condition { throw StoreConformance.Failure(description: "\(file):\(line) \(what())") }
}

/// Throws unless `body` throws a `StoreError` of that code; returns its message.
@discardableResult
func expectError(
  _ code: StoreError.Code, _ what: @autoclosure () -> String, file: String = #fileID, line: Int = #line,
  _ body: () async throws -> Void
) async throws -> String {
  do {
    try await body()
  } catch let error as StoreError {
    try expect(error.code, is: code, "\(what()): \(error.message)", file: file, line: line)
    return error.message
  }
  throw StoreConformance.Failure(description: "\(file):\(line) \(what()): expected the error \(code), nothing was thrown")
}

/// The value, or a failure when there is none.
func require<Value>(
  _ value: Value?, _ what: @autoclosure () -> String, file: String = #fileID, line: Int = #line
) throws -> Value {
  guard let value else { throw StoreConformance.Failure(description: "\(file):\(line) \(what()) is missing") }
  return value
}
