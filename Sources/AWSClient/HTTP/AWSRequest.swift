/// One call as a service wants it, before it is signed.
package struct AWSRequest: Sendable {
  /// By AWS's name, for messages.
  package var operation: String
  package var method: String
  package var endpoint: Endpoint
  /// Percent-encoded, after the endpoint's base path; begins with a slash.
  package var path: String
  package var query: [(name: String, value: String)] = []
  package var headers: [(name: String, value: String)] = []
  package var body: RequestBody = .none
  package var payload: PayloadHash = .empty
  /// Whether the server is asked before the body is sent.
  package var expectsContinue = false
  /// What an attempt may take beyond the usual, for work that the server does before it answers to the end.
  package var extraTime: Duration = .zero
  /// Doing it twice is not the same as doing it once: it is sent again only when the service has said that it did nothing. Any
  /// other failure is the caller's, who can look.
  package var isOnceOnly = false

  package init(operation: String, method: String, endpoint: Endpoint, path: String) {
    self.operation = operation
    self.method = method
    self.endpoint = endpoint
    self.path = path
  }
}
