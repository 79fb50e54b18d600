import Domain

/// Makes canonical addresses: each is what the provider's pack would make of it.
struct AddressMaker {
  let draw: Draw

  /// An account's address.
  func account(on provider: RangeProvider, outlet: Int) -> String {
    let frame = provider.accountFrame
    return frame.before + name(outlet) + frame.behind
  }

  /// The address of what an account posts, or of what nobody signs.
  ///
  /// - Parameters:
  ///   - account: the owner's name, where the provider has owners.
  ///   - original: what an archive copy is a copy of.
  func content(
    _ kind: ItemKind, on provider: RangeProvider, account: String, original: String, postedAt: Int32
  ) -> String {
    switch (provider, kind) {
    case (.wave, _): "https://www.wave.example/watch?v=\(text(11, Self.letters64))"
    case (.pigeon, _): "https://pigeon.example/i/status/\(number(12))"
    case (.lantern, .group): "https://lantern.example/join/\(text(14, Self.letters64))"
    case (.lantern, _): "https://lantern.example/\(account)/\(number(7))"
    case (.depot, .linkList): "https://depot.example/folder/\(word(0))-\(word(1))-\(text(6, Self.letters36))"
    case (.depot, _): "https://depot.example/f/\(text(9, Self.letters62))"
    case (.scrap, _): "https://scrap.example/\(text(9, Self.letters62))"
    case (.mosaic, .image): "https://i.mosaic.example/\(account)/\(number(10)).png"
    case (.mosaic, _): "https://mosaic.example/\(account)/thread/\(number(8))"
    case (.chorus, .linkList): "https://chorus.example/\(account)/sets/\(slug)"
    case (.chorus, _): "https://chorus.example/\(account)/\(slug)"
    case (.quill, _): "https://\(account).quill.example/\(yearAndMonth(postedAt))/\(slug)"
    case (.strata, _): "https://strata.example/copy/\(RangeCalendar.digits(postedAt))/\(original)"
    }
  }

  // Only letters and digits: a name also serves as a label of a host.
  private func name(_ outlet: Int) -> String { InventedOutlet.all[outlet].stem + word(2) + text(5, Self.letters36) }

  private var slug: String { "\(word(0))-\(word(1))-\(text(5, Self.letters36))" }

  private func word(_ lane: Int) -> String { Wording.nouns[draw.below(Wording.nouns.count, lane)] }

  private func yearAndMonth(_ second: Int32) -> String {
    let digits = RangeCalendar.digits(second)
    return "\(digits.prefix(4))/\(digits.dropFirst(4).prefix(2))"
  }

  /// A number of so many digits that does not begin with 0.
  private func number(_ digits: Int) -> String {
    var rest = draw.words.3
    var text = String(rest % 9 + 1)
    rest /= 9
    for _ in 1..<digits {
      text += String(rest % 10)
      rest /= 10
    }
    return text
  }

  private func text(_ length: Int, _ letters: [Character]) -> String {
    var rest = draw.words.2
    var text = ""
    for _ in 0..<length {
      // 64 bits are spent after eleven letters.
      if rest == 0 { rest = draw.words.3 }
      text.append(letters[Int(rest % UInt64(letters.count))])
      rest /= UInt64(letters.count)
    }
    return text
  }

  private static let letters36 = Array("abcdefghijklmnopqrstuvwxyz0123456789")
  private static let letters62 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
  private static let letters64 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}
