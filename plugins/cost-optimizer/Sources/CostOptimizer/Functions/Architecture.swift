/// The processor a function runs on; it sets the price of a second.
package enum Architecture: String, Codable, Hashable, Sendable, CaseIterable {
  case x86 = "x86_64"
  case arm = "arm64"
}
