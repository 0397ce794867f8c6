import Synchronization

/// Asks its sources in order, keeps what the first one has, and fetches anew five minutes before it expires. However many
/// calls wait, one fetch is under way; while the kept ones still hold, a failed refresh is tried again a minute later.
package actor CachingCredentials: CredentialsProvider {
  private enum State {
    case empty
    case kept(Credentials)
  }

  /// Long enough for a request that was signed to arrive, and its retries.
  package static let refreshSeconds = 300

  private let sources: [any CredentialsSource]
  private let surroundings: Surroundings
  private var state = State.empty
  private var fetching: Task<Result<Credentials, AWSError>, Never>?
  private var refreshFailedAt: Int?

  package init(sources: [any CredentialsSource], surroundings: Surroundings = Surroundings()) {
    self.sources = sources
    self.surroundings = surroundings
  }

  package func credentials() async throws(AWSError) -> Credentials {
    let now = surroundings.now()
    if case .kept(let kept) = state {
      guard let expiresAt = kept.expiresAt else { return kept }
      if now < expiresAt - Self.refreshSeconds { return kept }
      if now < expiresAt, let failedAt = refreshFailedAt, now < failedAt + 60 { return kept }
    }
    do throws(AWSError) {
      return try await fetchOnce()
    } catch {
      if error.code != .cancelled, case .kept(let kept) = state, let expiresAt = kept.expiresAt, now < expiresAt {
        refreshFailedAt = now
        return kept
      }
      throw error
    }
  }

  package func invalidate() { state = .empty }

  private func fetchOnce() async throws(AWSError) -> Credentials {
    let task: Task<Result<Credentials, AWSError>, Never>
    if let fetching {
      task = fetching
    } else {
      // Unstructured, as it belongs to every caller that waits: one that is cancelled does not end it for the others. The
      // sources' own timeouts do.
      let sources = sources
      task = Task { await Self.fetch(from: sources) }
      fetching = task
    }
    let result = await task.value
    if fetching == task { fetching = nil }
    if case .success(let credentials) = result {
      state = .kept(credentials)
      refreshFailedAt = nil
    }
    return try result.get()
  }

  private static func fetch(from sources: [any CredentialsSource]) async -> Result<Credentials, AWSError> {
    for source in sources {
      do throws(AWSError) {
        if let found = try await source.fetch() { return .success(found) }
      } catch {
        return .failure(error)
      }
    }
    let places = sources.map(\.name).joined(separator: ", ")
    return .failure(AWSError(.credentials, "no AWS credentials found in \(places)"))
  }
}
