import CarillonPlugin

/// What an item of this plugin is.
package enum MailItem: Hashable, Sendable {
  /// Why nothing is sent at all.
  case refusal(String)
  case recipient(Recipient)
}

/// An object with the member `refusal`, or with a recipient's.
extension MailItem: PayloadCoding {
  package init(payload: UnsafeRawBufferPointer) throws {
    let value: Value
    do throws(JSONReader.Flaw) {
      value = try JSONReader.value(payload)
    } catch {
      throw EmailDispatchError(.recipients, "the payload \(error.message)")
    }
    guard case .object(let members) = value else { throw EmailDispatchError(.recipients, "the payload is no JSON object") }
    if case .text(let reason)? = members["refusal"] {
      self = .refusal(reason)
    } else {
      self = .recipient(try Recipient(members))
    }
  }

  package func writePayload(to bytes: inout [UInt8]) {
    switch self {
    case .refusal(let reason): JSONWriter.write(.object(["refusal": .text(reason)]), to: &bytes)
    case .recipient(let recipient): recipient.write(to: &bytes)
    }
  }
}
