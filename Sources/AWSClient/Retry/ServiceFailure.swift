import Foundation
import NIOCore

/// Reads what a service says about a failure: XML of S3 and of the query protocol, JSON of the others, or nothing but headers.
enum ServiceFailure {
  static func error(from answer: AWSResponse, body: ByteBuffer) -> AWSError {
    let text = String(buffer: body)
    var code: String?
    var message: String?
    if text.hasPrefix("{"), let json = try? JSONDecoder().decode(JSONFailure.self, from: Data(text.utf8)) {
      code = json.type ?? json.code
      message = json.message ?? json.Message
    } else {
      code = element("Code", of: text)
      message = element("Message", of: text)
    }
    code = answer.header("x-amzn-errortype") ?? answer.header("x-amz-error-code") ?? code
    // `com.amazonaws.lambda#TooManyRequestsException:http://…` stands for its middle.
    code = code.map { String($0.split(separator: ":")[0].split(separator: "#").last ?? "") }
    return make(
      status: answer.status, serviceCode: code, message: message,
      requestID: answer.header("x-amz-request-id") ?? answer.header("x-amzn-requestid") ?? element("RequestId", of: text),
      hostID: answer.header("x-amz-id-2") ?? element("HostId", of: text),
      region: answer.header("x-amz-bucket-region") ?? element("Region", of: text))
  }

  /// S3 sends the head of a copy or a completion before it is done: 200 with an error inside.
  static func errorInside(_ answer: AWSResponse, text: String) -> AWSError? {
    // Other documents list errors among what they say.
    guard text.contains("<Error"), XMLDocument.rootName(of: text) == "Error" else { return nil }
    let code = element("Code", of: text)
    return make(
      status: status(ofCode: code ?? ""), serviceCode: code, message: element("Message", of: text),
      requestID: answer.header("x-amz-request-id") ?? element("RequestId", of: text),
      hostID: answer.header("x-amz-id-2") ?? element("HostId", of: text), region: nil)
  }

  /// What S3 would have answered, had the head not been sent yet (S3 API Reference, "Error responses").
  private static func status(ofCode code: String) -> Int {
    switch code {
    case "AccessDenied", "InvalidObjectState", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "InvalidAccessKeyId": 403
    case "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "NoSuchUpload": 404
    case "PreconditionFailed": 412
    case "ConditionalRequestConflict", "OperationAborted": 409
    case "NotImplemented": 501
    case "SlowDown", "ServiceUnavailable": 503
    case _ where code.hasPrefix("Invalid") || code.hasPrefix("EntityTo") || code.hasPrefix("Malformed"): 400
    case "RequestTimeout", "ExpiredToken", "BadDigest": 400
    // One that nobody knows may pass.
    default: 500
    }
  }

  static func make(
    status: Int, serviceCode: String?, message: String?, requestID: String?, hostID: String?, region: String?
  ) -> AWSError {
    let serviceCode = serviceCode?.isEmpty == true ? nil : serviceCode
    let code: AWSError.Code =
      if serviceCode.map({ RetryKind.throttlingCodes.contains($0) }) == true || status == 429 {
        .throttled
      } else if [
        "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException",
      ]
      .contains(serviceCode) || status == 301 || status == 307 {
        .wrongRegion
      } else {
        switch status {
        case 401, 403: .accessDenied
        case 404: .notFound
        case 304, 409, 412: .conflict
        case 500...: .serviceFailed
        default: .refused
        }
      }
    var text = message.map { String($0.prefix(1_000)) } ?? serviceCode ?? "HTTP \(status)"
    if code == .wrongRegion, let region { text += "; the bucket is in \(region), so set that region" }
    var error = AWSError(code, text)
    (error.serviceCode, error.status, error.requestID, error.hostID, error.region) = (
      serviceCode, status, requestID, hostID, region
    )
    return error
  }

  /// The text of the first element of a name. Errors are flat and small; a parser would refuse the damaged ones.
  private static func element(_ name: String, of text: String) -> String? {
    guard let start = text.range(of: "<\(name)>"),
      let end = text.range(of: "</\(name)>", range: start.upperBound..<text.endIndex)
    else { return nil }
    var inside = String(text[start.upperBound..<end.lowerBound])
    for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
      inside = inside.replacingOccurrences(of: entity, with: character)
    }
    return inside
  }

  private struct JSONFailure: Decodable {
    var type: String?
    var code: String?
    var message: String?
    var Message: String?

    enum CodingKeys: String, CodingKey {
      case type = "__type"
      case code, message, Message
    }
  }
}
