using System.Globalization;
using Digits;
using Explain;
using MlComponents;

NativeAllocator.KeepLargeBlocks();   // training on a CPU is up to half as fast again
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length > 1)
{
    Console.Error.WriteLine("Usage: Explain [folder with the MNIST files]; without one digits are drawn.");
    return 1;
}

try
{
    Explanation.Run(DigitData.Load(args is [var folder] ? folder : null, seed: 1), trainingDigits: 4000, RunFolder.Create("runs", "explain").Path, Console.Out);
    return 0;
}
catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
