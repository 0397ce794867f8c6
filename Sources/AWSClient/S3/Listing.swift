/// The pages of a listing, asked for one by one as they are wanted: no more than one is in memory.
package struct Listing<Record: Hashable & Sendable>: AsyncSequence, Sendable {
  package typealias Element = ListingPage<Record>
  package typealias Failure = AWSError

  let fetch: @Sendable (_ next: [String: String]) async throws(AWSError) -> ListingPage<Record>

  package func makeAsyncIterator() -> Iterator { Iterator(fetch: fetch) }

  package struct Iterator: AsyncIteratorProtocol {
    let fetch: @Sendable (_ next: [String: String]) async throws(AWSError) -> ListingPage<Record>
    private var next: [String: String]? = [:]

    init(fetch: @escaping @Sendable (_ next: [String: String]) async throws(AWSError) -> ListingPage<Record>) {
      self.fetch = fetch
    }

    package mutating func next(isolation actor: isolated (any Actor)?) async throws(AWSError) -> ListingPage<Record>? {
      guard let next else { return nil }
      let page = try await fetch(next)
      if let following = page.next, following == next {
        throw AWSError(.malformedResponse, "the service answered the same place again and again: \(following)")
      }
      self.next = page.next
      return page
    }

    package mutating func next() async throws(AWSError) -> ListingPage<Record>? { try await next(isolation: nil) }
  }
}
