/// Which tile: 256 hashes side by side at a level of the tree (C2SP tlog-tiles).
///
/// A hash at level L covers 256^L leaves. A tile with a width below 256 is partial: the tree's right edge.
public struct TileCoordinate: Sendable, Hashable {
  public static let fullWidth = 256

  /// 0 to 5: 256^6 leaves are more than 2^47.
  public let level: Int
  public let index: UInt64
  /// 1 to 256.
  public let width: Int

  public init(level: Int, index: UInt64, width: Int = fullWidth) {
    self.level = level
    self.index = index
    self.width = width
  }

  /// The path below a log's prefix, such as `tile/1/x001/x234/067` or `tile/0/003.p/17`.
  public var path: String {
    var groups = [Self.padded(index % 1_000)]
    var rest = index / 1_000
    while rest > 0 {
      groups.append("x" + Self.padded(rest % 1_000))
      rest /= 1_000
    }
    let name = "tile/\(level)/" + groups.reversed().joined(separator: "/")
    return width == Self.fullWidth ? name : "\(name).p/\(width)"
  }

  /// Reads what follows `tile/`: level, index groups and, for a partial tile, `.p/WIDTH`; nil for anything else.
  public init?(pathComponents: [some StringProtocol]) {
    guard pathComponents.count >= 2, let level = Self.number(pathComponents[0], digits: 1...2), level <= 5 else {
      return nil
    }
    var groups = pathComponents.dropFirst().map { String($0) }
    var width = Self.fullWidth
    if groups.count >= 2, groups[groups.count - 2].hasSuffix(".p") {
      guard let partial = Self.number(groups.removeLast(), digits: 1...3), (1..<Self.fullWidth).contains(partial) else {
        return nil
      }
      width = partial
      groups[groups.count - 1].removeLast(2)
    }
    guard groups.count <= 5 else { return nil }
    var index: UInt64 = 0
    for (position, group) in groups.enumerated() {
      let isLast = position == groups.count - 1
      guard isLast || group.hasPrefix("x"),
        let part = Self.number(isLast ? group : String(group.dropFirst()), digits: 3...3)
      else { return nil }
      index = index * 1_000 + UInt64(part)
    }
    self.init(level: level, index: index, width: width)
  }

  private static func padded(_ number: UInt64) -> String {
    let text = String(number)
    return String(repeating: "0", count: 3 - text.utf8.count) + text
  }

  /// A decimal number with that many digits, and no leading zero unless the count of digits is fixed.
  private static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    guard digits.count == 1 || text.utf8.count == 1 || text.utf8.first != 0x30 else { return nil }
    return Int(text)
  }
}

/// A tile and its hashes, 32 bytes each, one after another.
public struct Tile: Sendable, Hashable {
  public let coordinate: TileCoordinate
  public let hashes: [UInt8]

  public init(coordinate: TileCoordinate, hashes: [UInt8]) {
    self.coordinate = coordinate
    self.hashes = hashes
  }
}
