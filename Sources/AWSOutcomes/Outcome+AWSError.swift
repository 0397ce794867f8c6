package import AWSClient
package import CarillonPlugin

extension Outcome {
  /// What an item comes to when S3 did not do it, in this engine's words.
  package init(_ error: AWSError) {
    self =
      switch error.code {
      case .throttled: .rateLimited(error.description)
      case .serviceFailed, .connection, .timeout: .unavailable(dependency: error.service ?? "s3", error.description)
      case .conflict, .malformedResponse, .checksumMismatch, .cancelled, .file: .retry(error.description)
      case .invalidRequest, .credentials, .accessDenied, .notFound, .wrongRegion, .refused: .failed(error.description)
      }
  }
}
