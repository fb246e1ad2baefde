namespace MlComponents.MLNet;

/// <summary>Rows in a row of a block of a <see cref="RowFile"/>.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Start">The first of them in the block.</param>
/// <param name="Rows">How many, at least 1.</param>
internal readonly record struct BlockPart(long Block, long Start, long Rows);
