import Store
import StoreConformance
import Testing

@Suite struct SQLiteConformanceTests {
  @Test(arguments: StoreConformance.cases)
  func conforms(_ conformance: StoreConformance.Case) async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    try await conformance.check(store)
    try await store.close()
  }
}
