namespace MlComponents.MLNet;

/// <summary>The temporary file of a stream's rows can't be written, for example because the disk is full.</summary>
internal sealed class RowFileException(string message, Exception inner) : IOException(message, inner);
