/// Punycode (RFC 3492), without the "xn--" prefix.
enum Punycode {
  private static let base: UInt32 = 36
  private static let maximumCodePoint: UInt32 = 0x10FFFF

  /// The scalars that the lower-case ASCII text stands for, or nil when it is not valid Punycode.
  static func decode(_ text: some Collection<UInt8>) -> [Unicode.Scalar]? {
    let text = Array(text)
    var output: [Unicode.Scalar] = []
    var index = 0
    if let delimiter = text.lastIndex(of: UInt8(ascii: "-")) {
      output = text[..<delimiter].map { Unicode.Scalar($0) }
      index = delimiter + 1
    }
    var codePoint: UInt32 = 128
    var position: UInt32 = 0
    var bias: UInt32 = 72
    while index < text.count {
      let start = position
      var weight: UInt32 = 1
      var k = base
      while true {
        guard index < text.count, let digit = value(of: text[index]) else { return nil }
        index += 1
        let (product, overflow) = digit.multipliedReportingOverflow(by: weight)
        let (sum, sumOverflow) = position.addingReportingOverflow(product)
        if overflow || sumOverflow { return nil }
        position = sum
        let limit = threshold(k, bias)
        if digit < limit { break }
        let (next, weightOverflow) = weight.multipliedReportingOverflow(by: base - limit)
        if weightOverflow { return nil }
        weight = next
        k += base
      }
      let count = UInt32(output.count) + 1
      bias = adapt(position - start, count, isFirst: start == 0)
      let (next, overflow) = codePoint.addingReportingOverflow(position / count)
      guard !overflow, next <= maximumCodePoint, let scalar = Unicode.Scalar(next) else { return nil }
      codePoint = next
      position %= count
      output.insert(scalar, at: Int(position))
      position += 1
    }
    return output
  }

  /// The Punycode of the scalars; nil when a delta does not fit in 32 bits.
  static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
    var output = scalars.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
    let basicCount = UInt32(output.count)
    if basicCount > 0 { output.append(UInt8(ascii: "-")) }
    var codePoint: UInt32 = 128
    var delta: UInt32 = 0
    var bias: UInt32 = 72
    var handled = basicCount
    while handled < UInt32(scalars.count) {
      guard let next = scalars.lazy.map(\.value).filter({ $0 >= codePoint }).min() else { return nil }
      let (step, overflow) = (next - codePoint).multipliedReportingOverflow(by: handled + 1)
      let (sum, sumOverflow) = delta.addingReportingOverflow(step)
      if overflow || sumOverflow { return nil }
      delta = sum
      codePoint = next
      for scalar in scalars {
        if scalar.value < codePoint {
          guard delta < .max else { return nil }
          delta += 1
        } else if scalar.value == codePoint {
          append(delta, bias, to: &output)
          bias = adapt(delta, handled + 1, isFirst: handled == basicCount)
          delta = 0
          handled += 1
        }
      }
      delta += 1
      codePoint += 1
    }
    return output
  }

  private static func append(_ delta: UInt32, _ bias: UInt32, to output: inout [UInt8]) {
    var rest = delta
    var k = base
    while true {
      let limit = threshold(k, bias)
      if rest < limit { break }
      output.append(digit(limit + (rest - limit) % (base - limit)))
      rest = (rest - limit) / (base - limit)
      k += base
    }
    output.append(digit(rest))
  }

  private static func threshold(_ k: UInt32, _ bias: UInt32) -> UInt32 {
    k <= bias ? 1 : min(k - bias, 26)
  }

  private static func adapt(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var k: UInt32 = 0
    while delta > 455 {
      delta /= 35
      k += base
    }
    return k + 36 * delta / (delta + 38)
  }

  private static func digit(_ value: UInt32) -> UInt8 {
    UInt8(truncatingIfNeeded: value < 26 ? value + 0x61 : value + 22)
  }

  private static func value(of byte: UInt8) -> UInt32? {
    switch byte {
    case 0x61...0x7A: UInt32(byte - 0x61)
    case 0x41...0x5A: UInt32(byte - 0x41)
    case 0x30...0x39: UInt32(byte - 0x30) + 26
    default: nil
    }
  }
}
