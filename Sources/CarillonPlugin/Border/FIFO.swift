/// A first-in, first-out queue on one array, whose front moves on without moving the elements.
struct FIFO<Element> {
  private var elements: [Element?] = []
  private var front = 0

  var isEmpty: Bool { front == elements.count }

  mutating func append(_ element: Element) {
    elements.append(element)
  }

  mutating func popFirst() -> Element? {
    guard front < elements.count else { return nil }
    let element = elements[front]
    elements[front] = nil
    front += 1
    if front == elements.count {
      elements.removeAll(keepingCapacity: true)
      front = 0
    } else if front >= 4096 {
      // Keeps a queue that never runs empty from growing for ever.
      elements.removeFirst(front)
      front = 0
    }
    return element
  }

  /// Lets `body` change each waiting element, in order.
  mutating func forEach(_ body: (inout Element) -> Void) {
    for index in front..<elements.count {
      guard var element = elements[index] else { continue }
      body(&element)
      elements[index] = element
    }
  }
}
