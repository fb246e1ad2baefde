using MlComponents;

namespace Digits;

/// <summary>A folder with the files in which MNIST is published, gzipped or not.</summary>
public static class MnistFolder
{
    /// <summary>Reads all four files.</summary>
    /// <inheritdoc cref="DigitData.Load"/>
    public static DigitData Read(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (File.Exists(directory))
            throw new IOException($"{directory} is a file, but a folder with the MNIST files is needed.");
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder {directory}, or it may not be read.");

        return new DigitData(ReadSet(directory, "train"), ReadSet(directory, "t10k"));
    }

    private static DigitSet ReadSet(string directory, string name)
    {
        var imagesPath = Find(directory, $"{name}-images-idx3-ubyte");
        var labelsPath = Find(directory, $"{name}-labels-idx1-ubyte");
        var images = IdxFile.Read(imagesPath, dimensions: 3);
        var labels = IdxFile.Read(labelsPath, dimensions: 1);

        if (images.Shape[1] != DigitSet.Side || images.Shape[2] != DigitSet.Side)
            throw new InvalidDataException($"{imagesPath} has images of {images.Shape[1]} by {images.Shape[2]} pixels; needed are 28 by 28.");
        if (images.Shape[0] != labels.Shape[0])
            throw new InvalidDataException($"{imagesPath} has {images.Shape[0]} images, but {labelsPath} has {labels.Shape[0]} labels; there must be as many.");
        if (labels.Data.Length == 0)
            throw new InvalidDataException($"{imagesPath} has no images.");
        if (Array.FindIndex(labels.Data, label => label > 9) is >= 0 and var row)
            throw new InvalidDataException($"{labelsPath} has the label {labels.Data[row]} in row {row}; allowed are 0 to 9.");

        return new DigitSet(Array.ConvertAll(images.Data, pixel => pixel / 255f), Array.ConvertAll(labels.Data, label => (int)label));
    }

    private static string Find(string directory, string name)
    {
        var plain = Path.Combine(directory, name);
        var gzipped = plain + ".gz";
        return File.Exists(gzipped) ? gzipped
            : File.Exists(plain) ? plain
            : throw new FileNotFoundException($"{directory} has neither {name}.gz nor {name}, one of the four MNIST files, or may not be read.");
    }
}
