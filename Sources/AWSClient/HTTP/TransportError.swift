import AsyncHTTPClient
import NIOCore
import NIOPosix

extension AWSError {
  /// What went wrong below HTTP, in this client's words.
  init(transport error: any Error, endpoint: Endpoint) {
    switch error {
    case let error as AWSError:
      self = error
    case is CancellationError:
      self.init(.cancelled, "cancelled")
    case let error as HTTPClientError:
      switch error {
      case .cancelled:
        self.init(.cancelled, "cancelled")
      case .connectTimeout:
        self.init(.timeout, "no connection to \(endpoint) in time", cause: error)
      case .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
        self.init(.timeout, "no answer from \(endpoint) in time (\(error.shortDescription))", cause: error)
      case .invalidURL, .emptyHost, .emptyScheme, .bodyLengthMismatch:
        self.init(.invalidRequest, "the request cannot be sent: \(error.shortDescription)", cause: error)
      default:
        self.init(.connection, "the connection to \(endpoint) broke: \(error.shortDescription)", cause: error)
      }
    case let error as NIOConnectionError:
      let reason = error.connectionErrors.first.map { "\($0.error)" } ?? "the name \(error.host) has no address"
      self.init(.connection, "no connection to \(endpoint): \(reason)", cause: error)
    default:
      self.init(.connection, "the connection to \(endpoint) broke: \(error)", cause: error)
    }
  }
}
