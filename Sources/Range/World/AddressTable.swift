/// Every address once, with a look-up from its bytes to its number; made for hundreds of thousands.
struct AddressTable: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var starts: [UInt32] = [0]
  // Number + 1; open addressing.
  private var slots: [UInt32]
  private var mask: Int

  var count: Int { starts.count - 1 }

  init(expecting count: Int) {
    var size = 64
    while size < count * 2 { size *= 2 }
    slots = Array(repeating: 0, count: size)
    mask = size - 1
    bytes.reserveCapacity(count * 44)
    starts.reserveCapacity(count + 1)
  }

  subscript(number: Int) -> String {
    String(decoding: bytes[Int(starts[number])..<Int(starts[number + 1])], as: UTF8.self)
  }

  func utf8(_ number: Int) -> ArraySlice<UInt8> { bytes[Int(starts[number])..<Int(starts[number + 1])] }

  /// The new address's number; nil where it is here already.
  mutating func add(_ address: String) -> Int? {
    var address = address
    return address.withUTF8 { text in
      var slot = Self.hash(text) & mask
      while slots[slot] != 0 {
        if equals(Int(slots[slot]) - 1, text) { return nil }
        slot = (slot + 1) & mask
      }
      bytes.append(contentsOf: text)
      starts.append(UInt32(bytes.count))
      slots[slot] = UInt32(count)
      if count * 10 > slots.count * 7 { grow() }
      return count - 1
    }
  }

  func find(_ address: String) -> Int? {
    var address = address
    return address.withUTF8 { find($0) }
  }

  func find(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var slot = Self.hash(text) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if equals(number, text) { return number }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    mask = slots.count - 1
    for number in 0..<count {
      var slot = bytes.withUnsafeBufferPointer { all in
        Self.hash(UnsafeBufferPointer(rebasing: all[Int(starts[number])..<Int(starts[number + 1])])) & mask
      }
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  private func equals(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let (start, end) = (Int(starts[number]), Int(starts[number + 1]))
    guard end - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { all in all[start..<end].elementsEqual(text) }
  }

  // FNV-1a with its upper half mixed in; nobody outside chooses the addresses.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7FFF_FFFF)
  }
}
