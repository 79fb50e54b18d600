/// Recognises files that hold no lines of UTF-8 text, by their first bytes.
enum BinaryFile {
  private static let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive (office documents such as .xlsx are ZIP archives)"),
    ([0x50, 0x4B, 0x05, 0x06], "an empty ZIP archive"),
    (Array("%PDF-".utf8), "a PDF document"),
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG image"),
    ([0xFF, 0xD8, 0xFF], "a JPEG image"),
    (Array("GIF87a".utf8), "a GIF image"),
    (Array("GIF89a".utf8), "a GIF image"),
    ([0x1F, 0x8B], "a gzip file (unpack it with gunzip)"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file (unpack it with unxz)"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file (unpack it with unzstd)"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive"),
    (Array("Rar!".utf8) + [0x1A, 0x07], "a RAR archive"),
    (Array("SQLite format 3".utf8) + [0x00], "an SQLite database"),
    ([0x7F, 0x45, 0x4C, 0x46], "an ELF program"),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an old Office document (.xls or .doc)"),
    (Array("{\\rtf".utf8), "an RTF document"),
  ]

  static func refusal(for bytes: [UInt8]) -> IntakeRefusal? {
    // UTF-32 first: its little-endian mark begins with the mark of UTF-16.
    if bytes.starts(with: [0xFF, 0xFE, 0x00, 0x00]) || bytes.starts(with: [0x00, 0x00, 0xFE, 0xFF]) {
      return .otherEncoding("UTF-32")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return .otherEncoding("UTF-16")
    }
    if let found = signatures.first(where: { bytes.starts(with: $0.bytes) }) {
      return .binaryFile(found.name)
    }
    if isBzip2(bytes) { return .binaryFile("a bzip2 file (unpack it with bunzip2)") }
    let sample = bytes.prefix(TableSample.byteLimit)
    guard sample.contains(0) else { return nil }
    if let encoding = encodingWithoutMark(sample) { return .otherEncoding(encoding) }
    return mostLinesAreBinary(sample) ? .binaryFile("a binary file") : nil
  }

  /// "BZh" alone could begin a word; a bzip2 file goes on with a level and the first digits of π.
  private static func isBzip2(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: Array("BZh".utf8))
      && bytes.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
  }

  /// Text in Latin letters written as UTF-16 has a NUL in every other byte.
  private static func encodingWithoutMark(_ sample: ArraySlice<UInt8>) -> String? {
    guard sample.count >= 8 else { return nil }
    var zeros = [0, 0]
    for (offset, byte) in sample.enumerated() where byte == 0 { zeros[offset & 1] += 1 }
    let many = sample.count / 2 * 9 / 10
    if zeros[1] >= many, zeros[0] == 0 { return "UTF-16LE" }
    if zeros[0] >= many, zeros[1] == 0 { return "UTF-16BE" }
    return nil
  }

  /// A few NUL bytes cost their lines only; a file most of whose lines are unfit is no text.
  private static func mostLinesAreBinary(_ sample: ArraySlice<UInt8>) -> Bool {
    let span = sample.span
    var (lines, unfit, at) = (0, 0, 0)
    while at < span.count {
      let scan = LineScan(span, from: at)
      lines += 1
      if IntakeReader.byteFault(of: span.extracting(at..<scan.end), scan) != nil { unfit += 1 }
      at = scan.end + 1
    }
    return unfit * 2 >= lines
  }
}
